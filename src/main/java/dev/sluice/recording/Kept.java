package dev.sluice.recording;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.model.Exchange;
import dev.sluice.model.Pair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * An observation as it is kept: what gates ask of it, and no more. When a request began is kept to
 * the millisecond, how long it took to 0.2 %. Of an answer, and of a label, a digest is kept:
 * whether they are the same can still be told, what they said cannot. A request is named by its
 * number.
 */
public final class Kept {
  /** 9 significant bits: the last is half a unit of 1/256. */
  private static final int BITS = 9;

  /** 40 bits: two texts that differ are taken for the same once in 10^12 times. */
  private static final int DIGEST_BYTES = 5;

  private Kept() {}

  static Exchange of(Exchange e, String epoch) {
    return new Exchange(
        e.sequence(),
        exchangeName(epoch, e.sequence()),
        e.version(),
        e.replica(),
        millis(e.start()),
        rounded(e.firstByteNanos()),
        rounded(e.wholeNanos()),
        rounded(e.perTokenNanos()),
        e.outcome(),
        e.status(),
        e.rescued(),
        e.userError(),
        digest(e.answer()));
  }

  static Pair of(Pair pair, String epoch) {
    return new Pair(
        pair.sequence(),
        pairName(epoch, pair.sequence()),
        millis(pair.start()),
        leg(pair.stable()),
        leg(pair.candidate()));
  }

  private static Pair.Leg leg(Pair.Leg leg) {
    return new Pair.Leg(
        leg.replica(),
        rounded(leg.firstByteNanos()),
        rounded(leg.wholeNanos()),
        rounded(leg.perTokenNanos()),
        leg.outcome(),
        leg.status(),
        digest(leg.answer()));
  }

  static String exchangeName(String epoch, long sequence) {
    return "x" + sequence + "@" + epoch;
  }

  static String pairName(String epoch, long sequence) {
    return "p" + sequence + "@" + epoch;
  }

  /** The number in a name of the two above. */
  static long sequence(String name) {
    return Long.parseLong(name.substring(1, name.indexOf('@')));
  }

  /**
   * Whether it is among those that are kept where of 2 to the power of {@code thinning} one is. By
   * its number alone, mixed well: neither what was observed nor when has a part in it.
   */
  static boolean isChosen(long sequence, int thinning) {
    return thinning == 0 || (sequence * 0x9E3779B97F4A7C15L) >>> (Long.SIZE - thinning) == 0;
  }

  static Instant millis(Instant at) {
    return at.truncatedTo(ChronoUnit.MILLIS);
  }

  static Instant micros(Instant at) {
    return at.truncatedTo(ChronoUnit.MICROS);
  }

  /** To {@value #BITS} significant bits; not negative. */
  static long rounded(long nanos) {
    if (nanos < 0) {
      return 0;
    }
    int shift = Long.SIZE - Long.numberOfLeadingZeros(nanos) - BITS;
    return shift <= 0 ? nanos : ((nanos + (1L << (shift - 1))) >>> shift) << shift;
  }

  /** A small number for a rounded one, rising with it. */
  static long code(long rounded) {
    int shift = Long.SIZE - Long.numberOfLeadingZeros(rounded) - BITS;
    return shift <= 0 ? rounded : ((long) shift << (BITS - 1)) + (rounded >>> shift);
  }

  /** The rounded number of a {@link #code}. */
  static long decoded(long code) {
    int shift = (int) Math.max(0, (code >>> (BITS - 1)) - 1);
    return (code - ((long) shift << (BITS - 1))) << shift;
  }

  static @Nullable String digest(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(Arrays.copyOf(hash, DIGEST_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
