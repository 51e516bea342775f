/**
 * The inference router: splits user requests between versions, copies some to a shadow, rescues
 * what can be repeated, and measures both arms by the same clock.
 *
 * <p>A room of its own: it knows the words of the domain and Vert.x, and nobody who tells it what
 * to do.
 */
@NullMarked
package dev.sluice.router;

import org.jspecify.annotations.NullMarked;
