/** Where measurements come from. Gates read them here and nowhere else. */
@NullMarked
package dev.sluice.signal;

import org.jspecify.annotations.NullMarked;
