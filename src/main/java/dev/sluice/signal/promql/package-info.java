/**
 * The syntax of PromQL, as far as a policy has to be checked before any Prometheus is asked:
 * whether an expression parses, and which series it selects.
 */
@NullMarked
package dev.sluice.signal.promql;

import org.jspecify.annotations.NullMarked;
