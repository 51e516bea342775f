/** Metrics that model servers and their devices publish, from Prometheus or read off them. */
@NullMarked
package dev.sluice.signal.metrics;

import org.jspecify.annotations.NullMarked;
