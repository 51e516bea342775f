package dev.sluice.router;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** Counts the data events of a {@code text/event-stream} as its parts go by. */
final class EventStream {
  private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
  private static final int OTHER_LINE = -1;

  private int matched;
  private int events;

  void read(Buffer part) {
    for (int i = 0; i < part.length(); i++) {
      byte next = part.getByte(i);
      if (next == '\n' || next == '\r') {
        matched = 0;
      } else if (matched != OTHER_LINE) {
        matched = next == DATA[matched] ? matched + 1 : OTHER_LINE;
        if (matched == DATA.length) {
          events++;
          matched = OTHER_LINE;
        }
      }
    }
  }

  int events() {
    return events;
  }
}
