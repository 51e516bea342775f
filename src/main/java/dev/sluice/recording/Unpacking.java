package dev.sluice.recording;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link Packing} wrote; {@link IllegalArgumentException} where it is something else.
 */
final class Unpacking {
  private final ByteBuffer body;
  private final List<String> texts = new ArrayList<>();

  /** Takes the next one off {@code all}. */
  Unpacking(ByteBuffer all) {
    long length = whole(all);
    if (length < 0 || length > all.remaining()) {
      throw damaged("it is cut off");
    }
    body = all.slice(all.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    all.position(all.position() + (int) length);
    long count = whole();
    for (long i = 0; i < count; i++) {
      int size = size();
      byte[] raw = new byte[size];
      body.get(raw);
      texts.add(new String(raw, UTF_8));
    }
  }

  static IllegalArgumentException damaged(String how) {
    return new IllegalArgumentException("the recording is damaged: " + how);
  }

  long whole() {
    return whole(body);
  }

  long signed() {
    long zigzag = whole();
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  /** How many of something follow, each of a byte at least. */
  int size() {
    long size = whole();
    if (size < 0 || size > body.remaining()) {
      throw damaged("it is to hold " + size + " of something in " + body.remaining() + " bytes");
    }
    return (int) size;
  }

  boolean flag() {
    return whole() != 0;
  }

  String text() {
    String text = textOrNull();
    if (text == null) {
      throw damaged("a text is missing");
    }
    return text;
  }

  @Nullable String textOrNull() {
    long index = whole();
    if (index < 0 || index > texts.size()) {
      throw damaged("it has no text number " + index);
    }
    return index == 0 ? null : texts.get((int) index - 1);
  }

  double real() {
    try {
      return Double.longBitsToDouble(body.getLong());
    } catch (BufferUnderflowException e) {
      throw damaged("it is cut off");
    }
  }

  private static long whole(ByteBuffer from) {
    long number = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (!from.hasRemaining()) {
        throw damaged("it is cut off");
      }
      byte next = from.get();
      number |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return number;
      }
    }
    throw damaged("it has a number of more than 64 bits");
  }
}
