package dev.sluice.sample;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something made to go wrong, asked for at start-up with {@code --fault}. {@link #kind} and {@link
 * #value} are how {@code /metrics} states it.
 */
sealed interface Fault {
  String USAGE =
      "one of slow=1.3, invalid=0.03, invalid=0.03@user-after=500, leak=8Mi/s,"
          + " leak=8Mi/s@max=512Mi, schema, error=0.02";

  /**
   * Every answer takes longer.
   *
   * @param factor multiplies the simulated device time; above 1
   */
  record Slow(double factor) implements Fault {
    public Slow {
      if (!(factor > 1 && factor <= 1000)) {
        throw new IllegalArgumentException(
            "slow must be a factor above 1 and at most 1000, such as 1.3, was " + factor);
      }
    }

    @Override
    public String kind() {
      return "slow";
    }

    @Override
    public String value() {
      return String.valueOf(factor);
    }
  }

  /**
   * A share of users' answers is a 200 whose probabilities hold a bare {@code NaN}.
   *
   * @param share of users' answers, above 0 and at most 1
   * @param afterUserRequests how many user requests come first that are all answered well
   */
  record Invalid(double share, long afterUserRequests) implements Fault {
    @Override
    public String kind() {
      return "invalid";
    }

    @Override
    public String value() {
      return share + "@user-after=" + afterUserRequests;
    }
  }

  /**
   * Resident memory grows.
   *
   * @param bytesPerSecond how fast; above 0
   * @param maxBytes where it stops, so that it can't take the machine with it
   */
  record Leak(long bytesPerSecond, long maxBytes) implements Fault {
    static final long DEFAULT_MAX_BYTES = 1L << 30;

    public Leak {
      if (bytesPerSecond < 1024 || bytesPerSecond > 1L << 30) {
        throw new IllegalArgumentException(
            "leak must be 1Ki/s..1Gi/s, was " + bytesPerSecond + " bytes a second");
      }
      if (maxBytes < MemoryLeak.CHUNK_BYTES) {
        throw new IllegalArgumentException(
            "leak's max must be at least 1Mi, was " + maxBytes + " bytes");
      }
    }

    @Override
    public String kind() {
      return "leak";
    }

    @Override
    public String value() {
      return Quantities.bytesText(bytesPerSecond) + "/s@max=" + Quantities.bytesText(maxBytes);
    }
  }

  /** The outputs have other names and another shape, in answers and in the metadata. */
  record Schema() implements Fault {
    @Override
    public String kind() {
      return "schema";
    }

    @Override
    public String value() {
      return "class,scores";
    }
  }

  /**
   * A share of all answers is a 500.
   *
   * @param share above 0 and at most 1
   */
  record Erring(double share) implements Fault {
    @Override
    public String kind() {
      return "error";
    }

    @Override
    public String value() {
      return String.valueOf(share);
    }
  }

  /** The word before the {@code =}. */
  String kind();

  /** What stands after it, with defaults spelled out. */
  String value();

  /** Reads {@code slow=1.3} and the like; {@link IllegalArgumentException} says what is allowed. */
  static Fault parse(String text) {
    Matcher m = Syntax.FAULT.matcher(text);
    if (!m.matches()) {
      throw unknown(text);
    }
    String value = m.group("value") == null ? "" : m.group("value");
    String key = m.group("key") == null ? "" : m.group("key");
    String option = m.group("option") == null ? "" : m.group("option");
    return switch (m.group("kind")
        + (value.isEmpty() ? "" : "=")
        + (key.isEmpty() ? "" : "@" + key)) {
      case "slow=" -> new Slow(Syntax.factor(value));
      case "invalid=" -> new Invalid(Quantities.share(value), 0);
      case "invalid=@user-after" -> new Invalid(Quantities.share(value), Syntax.count(option));
      case "leak=" -> new Leak(Syntax.rate(value), Leak.DEFAULT_MAX_BYTES);
      case "leak=@max" -> new Leak(Syntax.rate(value), Quantities.bytes(option));
      case "schema" -> new Schema();
      case "error=" -> new Erring(Quantities.share(value));
      default -> throw unknown(text);
    };
  }

  private static IllegalArgumentException unknown(String text) {
    return new IllegalArgumentException("must be " + USAGE + ", was '" + text + "'");
  }

  /** The small parts of {@link #parse}. */
  final class Syntax {
    private static final Pattern FAULT =
        Pattern.compile(
            "(?<kind>[a-z]+)(?:=(?<value>[^@=]+)(?:@(?<key>[a-z-]+)=(?<option>[^@=]+))?)?");

    private Syntax() {}

    private static double factor(String text) {
      try {
        return Double.parseDouble(text);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "slow must be a factor above 1, such as 1.3, was '" + text + "'", e);
      }
    }

    private static long count(String text) {
      if (!text.matches("\\d{1,12}")) {
        throw new IllegalArgumentException(
            "user-after must be a number of requests, such as 500, was '" + text + "'");
      }
      return Long.parseLong(text);
    }

    private static long rate(String text) {
      if (!text.endsWith("/s")) {
        throw new IllegalArgumentException(
            "leak must be bytes a second, such as 8Mi/s, was '" + text + "'");
      }
      return Quantities.bytes(text.substring(0, text.length() - 2));
    }
  }
}
