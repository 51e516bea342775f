/** Records of the model as JSON text, as the database and recordings keep them. */
@NullMarked
package dev.sluice.json;

import org.jspecify.annotations.NullMarked;
