/**
 * Who is let in, who waits and who is turned away, so that what is let in is served in time. Knows
 * no wire: what happens to a request is decided from numbers and words.
 */
@NullMarked
package dev.sluice.router.admission;

import org.jspecify.annotations.NullMarked;
