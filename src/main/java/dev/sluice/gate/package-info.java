/** The gates: one port, one file per kind, and what several gates together say. */
@NullMarked
package dev.sluice.gate;

import org.jspecify.annotations.NullMarked;
