package dev.sluice.gate;

import dev.sluice.signal.Cursor;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a gate has come in one stream of observations. They come in the order in which requests
 * ended and are used in the order in which they began, so two marks are kept.
 *
 * @param cursor behind it lies everything that is still to be used, among what was used
 * @param seen number of the last observation ever read
 * @param from begun before this it was used, or never will be; null before the first reading
 */
record Place(Cursor cursor, long seen, @Nullable Instant from) {
  static final Place START = new Place(Cursor.START, 0, null);
}
