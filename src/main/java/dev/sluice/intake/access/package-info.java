/** Who may do what: bearer tokens, roles, and the first token of a fresh controller. */
@NullMarked
package dev.sluice.intake.access;

import org.jspecify.annotations.NullMarked;
