/** Pages for people, made from what the store knows. */
@NullMarked
package dev.sluice.web;

import org.jspecify.annotations.NullMarked;
