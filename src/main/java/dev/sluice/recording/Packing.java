package dev.sluice.recording;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Numbers in as many bytes as they need, and texts once each. {@link Unpacking} reads it. */
final class Packing {
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final Map<String, Integer> texts = new LinkedHashMap<>();

  /** A number from 0, or any taken as unsigned. */
  void whole(long number) {
    whole(body, number);
  }

  /** A number that may be below 0. */
  void signed(long number) {
    whole((number << 1) ^ (number >> 63));
  }

  void flag(boolean set) {
    body.write(set ? 1 : 0);
  }

  /** A text, of which there may be many alike. */
  void text(String text) {
    whole(texts.computeIfAbsent(text, t -> texts.size()) + 1L);
  }

  void textOrNull(@Nullable String text) {
    if (text == null) {
      whole(0);
    } else {
      text(text);
    }
  }

  void real(double number) {
    long bits = Double.doubleToLongBits(number);
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      body.write((int) (bits >>> shift));
    }
  }

  /** All of it, its length first. */
  byte[] bytes() {
    ByteArrayOutputStream table = new ByteArrayOutputStream();
    whole(table, texts.size());
    texts
        .keySet()
        .forEach(
            text -> {
              byte[] raw = text.getBytes(UTF_8);
              whole(table, raw.length);
              table.writeBytes(raw);
            });
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    whole(all, (long) table.size() + body.size());
    all.writeBytes(table.toByteArray());
    all.writeBytes(body.toByteArray());
    return all.toByteArray();
  }

  private static void whole(ByteArrayOutputStream to, long number) {
    long left = number;
    while ((left & ~0x7FL) != 0) {
      to.write((int) ((left & 0x7F) | 0x80));
      left >>>= 7;
    }
    to.write((int) left);
  }
}
