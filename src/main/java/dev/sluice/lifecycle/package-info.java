/**
 * The state machine of a release: what was seen becomes what is to be done. Pure; knows the model
 * and nothing else.
 */
@NullMarked
package dev.sluice.lifecycle;

import org.jspecify.annotations.NullMarked;
