/**
 * The release loop: claim, converge, observe, decide, commit. Knows the ports and the lifecycle,
 * and nothing of what is behind the ports.
 */
@NullMarked
package dev.sluice.control;

import org.jspecify.annotations.NullMarked;
