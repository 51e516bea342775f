package dev.sluice.gate;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The JSON Schema (draft 2020-12) of a mapping of parameters, grown as they are asked for, so that
 * an editor knows what the reader knows. What a schema can't say of a text with a unit, its range,
 * stands in the description.
 */
final class ParameterSchema {
  static final String SHARE = "(\\d{1,6}(?:\\.\\d{1,6})?)\\s*%";
  static final String DURATION = "(\\d{1,9}(?:\\.\\d{1,3})?)(ms|s|m|h|d)";

  static final String BYTES = "(\\d{1,6})([KMGT])i";

  private final Map<String, Object> properties = new LinkedHashMap<>();
  private final List<String> required = new ArrayList<>();

  /** Without that key there is no sense in the others. */
  void require(String key) {
    required.add(key);
  }

  void share(String key, double otherwise, double low, double high, String what) {
    put(
        key,
        what + "; " + percent(low) + " to " + percent(high),
        percent(otherwise),
        Map.of("type", "string", "pattern", whole(SHARE)));
  }

  void number(String key, @Nullable Double otherwise, double low, double high, String what) {
    put(key, what, otherwise, number(low, high));
  }

  /** Its keys in one order at every run: schemas are committed. */
  private static Map<String, Object> number(double low, double high) {
    Map<String, Object> constraint = new TreeMap<>(Map.of("type", "number"));
    if (low > -Double.MAX_VALUE) {
      constraint.put("minimum", low);
    }
    if (high < Double.MAX_VALUE) {
      constraint.put("maximum", high);
    }
    return constraint;
  }

  void numberOr(String key, String word, double otherwise, double low, double high, String what) {
    put(
        key,
        what,
        otherwise,
        Map.of("anyOf", List.of(number(low, high), Map.of("enum", List.of(word)))));
  }

  void count(String key, int otherwise, int low, int high, String what) {
    put(key, what, otherwise, Map.of("type", "integer", "minimum", low, "maximum", high));
  }

  void duration(String key, Duration otherwise, Duration most, String what) {
    put(
        key,
        what + "; at most " + text(most),
        text(otherwise),
        Map.of("type", "string", "pattern", whole(DURATION)));
  }

  void text(String key, String otherwise, String what) {
    put(
        key,
        what,
        otherwise.isEmpty() ? null : otherwise,
        Map.of("type", "string", "pattern", "\\S"));
  }

  void word(String key, String otherwise, Set<String> words, String what) {
    put(key, what, otherwise, Map.of("enum", List.copyOf(new TreeSet<>(words))));
  }

  void withoutDefault(String key) {
    if (properties.get(key) instanceof Map<?, ?> property) {
      property.remove("default");
    }
  }

  void bytes(String key, long otherwise, String what) {
    put(
        key,
        what,
        otherwise == 0 ? null : (otherwise >> 20) + "Mi",
        Map.of("type", "string", "pattern", whole(BYTES)));
  }

  /** One word, or a mapping with these parameters. */
  void nestedOrWord(String key, String word, ParameterSchema inner, String what) {
    put(key, what, word, Map.of("anyOf", List.of(Map.of("const", word), inner.schema())));
  }

  void nested(String key, ParameterSchema inner, String what) {
    put(key, what, null, inner.schema());
  }

  /** A mapping that has these parameters and no others. */
  Map<String, Object> schema() {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    schema.put("additionalProperties", false);
    return schema;
  }

  private void put(
      String key, String what, @Nullable Object otherwise, Map<String, Object> constraint) {
    Map<String, Object> property = new LinkedHashMap<>();
    property.put("description", what);
    if (otherwise != null) {
      property.put("default", otherwise);
    }
    new TreeMap<>(constraint).forEach(property::put);
    properties.put(key, property);
  }

  private static String whole(String pattern) {
    return "^\\s*" + pattern + "\\s*$";
  }

  private static String percent(double ratio) {
    return BigDecimal.valueOf(ratio)
            .movePointRight(2)
            .setScale(6, RoundingMode.HALF_EVEN)
            .stripTrailingZeros()
            .toPlainString()
        + "%";
  }

  private static String text(Duration time) {
    long millis = time.toMillis();
    if (millis % 1_000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1_000;
    return seconds != 0 && seconds % 86_400 == 0
        ? seconds / 86_400 + "d"
        : seconds != 0 && seconds % 3_600 == 0
            ? seconds / 3_600 + "h"
            : seconds != 0 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }
}
