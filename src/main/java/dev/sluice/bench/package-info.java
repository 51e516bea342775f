/**
 * {@code sluice bench}: the gates' kernels measured in simulation, beside the limits that no test
 * can beat and beside judges that behave as other release controllers do.
 *
 * <p>A {@link dev.sluice.bench.Scenario} is a law of traffic; each of its many histories is seen by
 * all of its judges alike. Everything is a function of one seed, whatever the number of cores.
 */
@NullMarked
package dev.sluice.bench;

import org.jspecify.annotations.NullMarked;
