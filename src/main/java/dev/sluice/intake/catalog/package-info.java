/** The pipelines, gates and golden sets that files declare, loaded once at the start. */
@NullMarked
package dev.sluice.intake.catalog;

import org.jspecify.annotations.NullMarked;
