package dev.sluice.router;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * Counts the tokens of a {@code text/event-stream} as its parts go by, holding nothing back: as the
 * stream's own usage says, the last time it does ({@code stream_options: {include_usage: true}} of
 * the OpenAI protocol), else one for each data event.
 */
final class EventStream {
  private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);

  /** With its quotes: within a text they would be escaped. */
  private static final byte[] USAGE = "\"completion_tokens\"".getBytes(StandardCharsets.US_ASCII);

  private static final int OTHER_LINE = -1;
  private static final int MOST = 100_000_000;

  private int matched;
  private int events;
  private int ofUsage;
  private int counted;

  /** What the usage that is being read says so far; 0 before its first digit. */
  private int counting;

  void read(Buffer part) {
    for (int i = 0; i < part.length(); i++) {
      byte next = part.getByte(i);
      event(next);
      usage(next);
    }
  }

  private void event(byte next) {
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

  private void usage(byte next) {
    if (ofUsage < USAGE.length) {
      ofUsage = next == USAGE[ofUsage] ? ofUsage + 1 : next == '"' ? 1 : 0;
    } else if (next >= '0' && next <= '9' && counting < MOST) {
      counting = counting * 10 + next - '0';
    } else if (counting > 0 || (next != ':' && next != ' ')) {
      counted = counting > 0 ? counting : counted;
      counting = 0;
      ofUsage = 0;
    }
  }

  /** How many tokens there were. */
  int tokens() {
    return counted > 0 ? counted : events;
  }
}
