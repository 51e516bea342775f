/** How good an answer is, from 0 to 1: compared with a right one, checked by rules, or judged. */
@NullMarked
package dev.sluice.signal.score;

import org.jspecify.annotations.NullMarked;
