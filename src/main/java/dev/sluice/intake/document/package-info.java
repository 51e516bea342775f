/**
 * Readers of documents: YAML files and JSON bodies become records of the model, or a list of
 * everything that is wrong with them, with line and column.
 */
@NullMarked
package dev.sluice.intake.document;

import org.jspecify.annotations.NullMarked;
