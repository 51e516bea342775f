/**
 * Anytime-valid tests of a candidate against stable: pure mathematics, no clock, no state of its
 * own.
 *
 * <p>A gate turns everything seen between two looks (a <em>batch</em>) into log increments with a
 * {@link dev.sluice.stats.Kernel}, steps an {@link dev.sluice.stats.EProcess} with them, and
 * compares the log e-value with {@link dev.sluice.stats.Merge#limit}. By Ville's inequality P(E
 * ever &ge; 1/alpha) &le; alpha while the null hypothesis holds, for any looking schedule and any
 * number of looks. All logarithms are natural.
 */
@NullMarked
package dev.sluice.stats;

import org.jspecify.annotations.NullMarked;
