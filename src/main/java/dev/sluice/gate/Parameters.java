package dev.sluice.gate;

import dev.sluice.model.Problem;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a gate's parameters, each with its default, and collects everything that is wrong with them
 * instead of stopping at the first. A key that nobody asked for is wrong too: ask for all keys,
 * then read {@link #problems}.
 *
 * <p>Asking is also describing: the last argument says what a parameter means, and {@link #schema}
 * is the JSON Schema of all that was asked. So there is one definition of a parameter, and no
 * parameter may be asked only now and then.
 */
public final class Parameters {
  private static final Pattern SHARE = Pattern.compile(ParameterSchema.SHARE);
  private static final Pattern BYTES = Pattern.compile(ParameterSchema.BYTES);
  private static final Pattern DURATION = Pattern.compile(ParameterSchema.DURATION);

  private final String path;
  private final Map<?, ?> values;
  private final List<Problem> problems;
  private final Set<String> asked = new TreeSet<>();
  private final List<Parameters> below = new ArrayList<>();
  private final ParameterSchema schema = new ParameterSchema();

  public Parameters(Map<String, Object> values) {
    this("", values, new ArrayList<>());
  }

  private Parameters(String path, Map<?, ?> values, List<Problem> problems) {
    this.path = path;
    this.values = values;
    this.problems = problems;
  }

  /** Everything wrong so far, unknown keys included; paths are relative to the parameters. */
  public List<Problem> problems() {
    List<Problem> all = new ArrayList<>(problems);
    for (Unknown unknown : unknown()) {
      all.add(
          new Problem(
              unknown.path(),
              0,
              0,
              unknown.known().isEmpty()
                  ? "unknown: there are no parameters here"
                  : "unknown: must be one of " + String.join(", ", unknown.known())));
    }
    return all;
  }

  /** Everything wrong with what was asked for. */
  public List<Problem> wrong() {
    return List.copyOf(problems);
  }

  /** Every key that nobody asked for. */
  public List<Unknown> unknown() {
    List<Unknown> all = new ArrayList<>();
    addUnknown(all);
    return all;
  }

  /**
   * A key that nobody asked for.
   *
   * @param path relative to the parameters
   * @param known the keys there are beside it
   */
  public record Unknown(String path, Set<String> known) {
    public Unknown {
      known = Collections.unmodifiableSet(new TreeSet<>(known));
    }
  }

  /** The JSON Schema of everything asked so far, as maps, lists, texts and numbers. */
  public Map<String, Object> schema() {
    return schema.schema();
  }

  /**
   * The same parameters, if there is nothing wrong with them.
   *
   * @throws IllegalArgumentException naming every problem
   */
  public void requireSound() {
    List<Problem> all = problems();
    if (!all.isEmpty()) {
      throw new IllegalArgumentException("gate parameters: " + all);
    }
  }

  private void addUnknown(List<Unknown> all) {
    for (Object key : values.keySet()) {
      if (!asked.contains(String.valueOf(key))) {
        all.add(new Unknown(path + key, asked));
      }
    }
    below.forEach(nested -> nested.addUnknown(all));
  }

  /** The parameters inside {@code key}; none where it is left out. */
  public Parameters nested(String key, String what) {
    Object value = ask(key);
    Map<?, ?> map = Map.of();
    if (value instanceof Map<?, ?> given) {
      map = given;
    } else if (value != null) {
      wrong(key, "must be a map, was " + quoted(value));
    }
    Parameters nested = new Parameters(path + key + ".", map, problems);
    below.add(nested);
    schema.nested(key, nested.schema, what);
    return nested;
  }

  /** Whether a key is there. */
  public boolean has(String key) {
    return values.containsKey(key);
  }

  /** Whether there are none. */
  boolean isEmpty() {
    return values.isEmpty();
  }

  /** The same, where one word may stand for all of them: it counts as left out. */
  public Parameters nestedOrWord(String key, String word, String what) {
    Object value = ask(key);
    Map<?, ?> map = Map.of();
    if (value instanceof Map<?, ?> given) {
      map = given;
    } else if (value != null && !value.equals(word)) {
      wrong(key, "must be %s or a map, was %s".formatted(word, quoted(value)));
    }
    Parameters nested = new Parameters(path + key + ".", map, problems);
    below.add(nested);
    schema.nestedOrWord(key, word, nested.schema, what);
    return nested;
  }

  /** Bytes such as {@code 512Mi}; 0 or more. */
  public long bytes(String key, long otherwise, String what) {
    schema.bytes(key, otherwise, what);
    Object value = ask(key);
    if (value == null) {
      return otherwise;
    }
    Matcher m = BYTES.matcher(String.valueOf(value).strip());
    if (value instanceof String && m.matches()) {
      return Long.parseLong(m.group(1)) << (10 * ("KMGT".indexOf(m.group(2)) + 1));
    }
    wrong(key, "must be bytes such as 512Mi or 4Gi, was " + quoted(value));
    return otherwise;
  }

  /** A share such as {@code 2%}, as a ratio: 0.02. */
  public double share(String key, double otherwise, double low, double high, String what) {
    schema.share(key, otherwise, low, high, what);
    Object value = ask(key);
    if (value == null) {
      return otherwise;
    }
    Matcher m = SHARE.matcher(String.valueOf(value).strip());
    if (value instanceof String && m.matches()) {
      double ratio = new BigDecimal(m.group(1)).movePointLeft(2).doubleValue();
      if (ratio >= low && ratio <= high) {
        return ratio;
      }
    }
    wrong(
        key,
        "must be a share of %s to %s, was %s"
            .formatted(Words.percent(low), Words.percent(high), quoted(value)));
    return otherwise;
  }

  /** A plain number. */
  public double number(String key, double otherwise, double low, double high, String what) {
    schema.number(key, otherwise, low, high, what);
    Object value = ask(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Number n && n.doubleValue() >= low && n.doubleValue() <= high) {
      return n.doubleValue();
    }
    wrong(key, "must be a number from %s to %s, was %s".formatted(low, high, quoted(value)));
    return otherwise;
  }

  /** A plain number; null where a word stands in its place. */
  public @Nullable Double numberOr(
      String key, String word, double otherwise, double low, double high, String what) {
    schema.numberOr(key, word, otherwise, low, high, what);
    Object value = ask(key);
    if (word.equals(value)) {
      return null;
    }
    if (value instanceof Number n && n.doubleValue() >= low && n.doubleValue() <= high) {
      return n.doubleValue();
    }
    if (value != null) {
      wrong(
          key,
          "must be '%s' or a number from %s to %s, was %s"
              .formatted(word, low, high, quoted(value)));
    }
    return otherwise;
  }

  /** A plain number; null where it is left out. */
  public @Nullable Double optionalNumber(String key, String what) {
    schema.number(key, null, -Double.MAX_VALUE, Double.MAX_VALUE, what);
    Object value = ask(key);
    if (value == null || value instanceof Number) {
      return value == null ? null : ((Number) value).doubleValue();
    }
    wrong(key, "must be a number, was " + quoted(value));
    return null;
  }

  /** A share, as a ratio; null where it is left out. */
  public @Nullable Double optionalShare(String key, double low, double high, String what) {
    boolean there = has(key);
    double read = share(key, low, low, high, what);
    schema.withoutDefault(key);
    return there ? read : null;
  }

  /** A whole number. */
  public int count(String key, int otherwise, int low, int high, String what) {
    schema.count(key, otherwise, low, high, what);
    Object value = ask(key);
    if (value == null) {
      return otherwise;
    }
    if ((value instanceof Integer || value instanceof Long)
        && ((Number) value).longValue() >= low
        && ((Number) value).longValue() <= high) {
      return ((Number) value).intValue();
    }
    wrong(key, "must be a whole number from %s to %s, was %s".formatted(low, high, quoted(value)));
    return otherwise;
  }

  /** A length of time such as {@code 1ms}, {@code 90s}, {@code 24h}, {@code 3d}; 0 s allowed. */
  public Duration duration(String key, Duration otherwise, Duration most, String what) {
    schema.duration(key, otherwise, most, what);
    Object value = ask(key);
    if (value == null) {
      return otherwise;
    }
    Matcher m = DURATION.matcher(String.valueOf(value).strip());
    if (value instanceof String && m.matches()) {
      long unitMicros =
          switch (m.group(2)) {
            case "ms" -> 1_000L;
            case "s" -> 1_000_000L;
            case "m" -> 60_000_000L;
            case "h" -> 3_600_000_000L;
            default -> 86_400_000_000L;
          };
      BigDecimal micros = new BigDecimal(m.group(1)).multiply(BigDecimal.valueOf(unitMicros));
      Duration read = Duration.ofNanos(micros.movePointRight(3).longValue());
      if (read.compareTo(most) <= 0) {
        return read;
      }
    }
    wrong(
        key,
        "must be a time such as 500ms, 90s or 10m, at most %s, was %s"
            .formatted(Words.seconds(most.toNanos() / 1e9), quoted(value)));
    return otherwise;
  }

  /** A text; {@code otherwise} where it is left out. */
  public String text(String key, String otherwise, String what) {
    schema.text(key, otherwise, what);
    return readText(key, otherwise);
  }

  private String readText(String key, String otherwise) {
    Object value = ask(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof String text && !text.isBlank()) {
      return text;
    }
    wrong(key, "must be a text, was " + quoted(value));
    return otherwise;
  }

  /** A text that must be there; empty where it isn't, which is then a problem. */
  public String requiredText(String key, String what) {
    String read = text(key, "", what);
    require(key, what);
    return read;
  }

  private void require(String key, String what) {
    schema.require(key);
    if (!has(key)) {
      wrong(key, "is missing: " + what);
    }
  }

  /** The parameters inside {@code key}, which must be there. */
  public Parameters requiredNested(String key, String what) {
    Parameters nested = nested(key, what);
    require(key, what);
    return nested;
  }

  /** A text that must be one of a few. */
  public String word(String key, String otherwise, Set<String> words, String what) {
    schema.word(key, otherwise, words, what);
    String read = readText(key, otherwise);
    if (!words.contains(read)) {
      wrong(
          key,
          "must be %s, was %s".formatted(String.join(" or ", new TreeSet<>(words)), quoted(read)));
      return otherwise;
    }
    return read;
  }

  private @Nullable Object ask(String key) {
    asked.add(key);
    return values.get(key);
  }

  /**
   * Something is wrong with a parameter that its type and range don't tell; with all of them
   * together where the key is empty.
   */
  public void wrong(String key, String message) {
    String at = path + key;
    problems.add(
        new Problem(at.endsWith(".") ? at.substring(0, at.length() - 1) : at, 0, 0, message));
  }

  private static String quoted(Object value) {
    return switch (value) {
      case String text -> "'" + text + "'";
      case Map<?, ?> map -> "a map";
      case List<?> list -> "a list";
      default -> String.valueOf(value);
    };
  }
}
