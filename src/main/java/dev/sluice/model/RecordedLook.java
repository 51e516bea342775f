package dev.sluice.model;

import org.jspecify.annotations.Nullable;

/**
 * What one pass adds to its release's recording. What is in it is for who wrote it to read.
 *
 * @param opening JSON text that the recording begins with; null: it has begun
 * @param look to be appended; empty where there is none yet
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RecordedLook(@Nullable String opening, byte[] look) {}
