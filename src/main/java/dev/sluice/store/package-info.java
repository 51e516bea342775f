/**
 * Where releases survive: one PostgreSQL, embedded or one's own. Entities never leave this package.
 */
@NullMarked
package dev.sluice.store;

import org.jspecify.annotations.NullMarked;
