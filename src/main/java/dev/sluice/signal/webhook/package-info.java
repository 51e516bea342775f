/** Web services that have a say in a release. */
@NullMarked
package dev.sluice.signal.webhook;

import org.jspecify.annotations.NullMarked;
