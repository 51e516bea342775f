/** The program: what it is put together from, and how it starts. */
@NullMarked
package dev.sluice;

import org.jspecify.annotations.NullMarked;
