/**
 * A small real model server: handwritten digits behind the KServe V2 protocol, with faults that
 * demonstrations and tests can switch on. Knows nothing of the rest of Sluice.
 */
@NullMarked
package dev.sluice.sample;

import org.jspecify.annotations.NullMarked;
