package dev.sluice.store;

/**
 * A thing with the document it came from.
 *
 * @param document canonical JSON text, as its owner wrote it
 * @param revision rises with every change: the ETag
 */
public record Stored<T>(T value, String document, long revision) {}
