/**
 * Servers outside that Sluice asks: where they are, what they want to see, how long they may take.
 */
@NullMarked
package dev.sluice.signal.http;

import org.jspecify.annotations.NullMarked;
