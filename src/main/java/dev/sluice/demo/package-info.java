/**
 * {@code sluice demo}: the real controller, real model servers and real images, driven as users and
 * a CI pipeline would drive them. Knows the controller by its REST API alone.
 */
@NullMarked
package dev.sluice.demo;

import org.jspecify.annotations.NullMarked;
