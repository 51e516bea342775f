/** Routes user traffic: the port, and its adapters. */
@NullMarked
package dev.sluice.traffic;

import org.jspecify.annotations.NullMarked;
