/** How the committed parts of the digits and the committed models came to be; run by hand. */
@NullMarked
package dev.sluice.sample.training;

import org.jspecify.annotations.NullMarked;
