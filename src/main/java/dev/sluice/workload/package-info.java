/** Runs model versions: the port, and what it needs to be told. */
@NullMarked
package dev.sluice.workload;

import org.jspecify.annotations.NullMarked;
