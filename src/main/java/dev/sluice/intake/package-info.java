/**
 * How the outside says what it wants: documents, REST, access. Writes intent only; what becomes of
 * it is the loop's business.
 */
@NullMarked
package dev.sluice.intake;

import org.jspecify.annotations.NullMarked;
