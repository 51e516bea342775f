/** REST v1: what people and pipelines ask of Sluice, and what it shows them. */
@NullMarked
package dev.sluice.intake.rest;

import org.jspecify.annotations.NullMarked;
