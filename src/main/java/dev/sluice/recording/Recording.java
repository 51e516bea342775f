package dev.sluice.recording;

import dev.sluice.json.ModelJson;
import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The recording of one release as a file: what it began with, how it ended, and what its gates were
 * given in between.
 *
 * @param end the release as it was when the file was made
 */
public record Recording(Opening opening, Release end, List<Look> looks) {
  private static final String MAGIC = "sluice-recording";

  /** The most bytes that a file may unpack to: of a damaged one, no more is read. */
  private static final int MOST_BYTES = 64 << 20;

  public Recording {
    looks = List.copyOf(looks);
  }

  /** What stands before the looks. */
  private record Head(Opening opening, Phase end) {}

  /**
   * The bytes of a file.
   *
   * @param looks as {@link LookCodec} wrote them, one after the other
   */
  public static byte[] file(Opening opening, Release end, byte[] looks) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (DataOutputStream to = new DataOutputStream(new GZIPOutputStream(file))) {
      to.writeUTF(MAGIC);
      to.writeInt(opening.format());
      byte[] head =
          ModelJson.write(new Head(opening, end.phase())).getBytes(StandardCharsets.UTF_8);
      to.writeInt(head.length);
      to.write(head);
      to.write(looks);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // no memory throws it
    }
    return file.toByteArray();
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException that says what is wrong: no recording, one of another format,
   *     cut off, damaged
   */
  public static Recording read(byte[] file) {
    try (DataInputStream from = opened(file)) {
      int format = from.readInt();
      if (format != Opening.FORMAT) {
        throw new IllegalArgumentException(
            "is a recording of format %s; this Sluice reads format %s"
                .formatted(format, Opening.FORMAT));
      }
      int length = from.readInt();
      if (length < 0 || length > MOST_BYTES) {
        throw Unpacking.damaged("its head is to have " + length + " bytes");
      }
      byte[] json = from.readNBytes(length);
      byte[] looks = from.readNBytes(MOST_BYTES);
      Head head = ModelJson.read(new String(json, StandardCharsets.UTF_8), Head.class);
      Opening opening = head.opening();
      return new Recording(opening, opening.release().in(head.end()), LookCodec.read(looks));
    } catch (EOFException e) {
      throw Unpacking.damaged("it is cut off");
    } catch (IOException | IllegalStateException e) {
      throw Unpacking.damaged(String.valueOf(e.getMessage()));
    }
  }

  private static DataInputStream opened(byte[] file) {
    try {
      DataInputStream from =
          new DataInputStream(new GZIPInputStream(new ByteArrayInputStream(file)));
      if (from.readUTF().equals(MAGIC)) {
        return from;
      }
    } catch (IOException e) {
      // said below: nothing can be said of what it is
    }
    throw new IllegalArgumentException("is no recording of a release");
  }
}
