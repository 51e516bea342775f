/** What Sluice tells of itself: metrics and the serving state. Never in the way of serving. */
@NullMarked
package dev.sluice.telemetry;

import org.jspecify.annotations.NullMarked;
