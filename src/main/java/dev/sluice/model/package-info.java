/**
 * The words of Sluice as records and sealed types: what a release is, what it may do, what was
 * seen. Knows nothing but {@code java.*}.
 */
@NullMarked
package dev.sluice.model;

import org.jspecify.annotations.NullMarked;
