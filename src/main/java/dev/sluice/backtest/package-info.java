/** Other policies on recorded releases: what they would have decided, beside what was. */
@NullMarked
package dev.sluice.backtest;

import org.jspecify.annotations.NullMarked;
