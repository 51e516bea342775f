package dev.sluice.store;

/**
 * What putting a thing came to.
 *
 * @param stored what is there now
 * @param created whether this call made it; false where it replaced another or changed nothing
 */
public record Put<T>(Stored<T> stored, boolean created) {}
