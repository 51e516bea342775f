/** Which replica of a version a request goes to, and whether it may go to another. No wire. */
@NullMarked
package dev.sluice.router.balance;

import org.jspecify.annotations.NullMarked;
