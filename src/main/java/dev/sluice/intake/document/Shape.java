package dev.sluice.intake.document;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The JSON Schema (draft 2020-12) of one mapping of a document: its keys, in the order in which an
 * editor proposes them, and what {@link Fields} reads at each. What a schema can't say, as a range
 * of a text with a unit, or what names there are, the reader alone knows.
 */
final class Shape {
  static final String SHARE = "^\\s*\\d{1,3}(\\.\\d{1,2})?\\s*%\\s*$";
  static final String DURATION = "^\\d{1,9}(ms|s|m|h|d)$";
  static final String RATE = "^[1-9]\\d{0,11}/(s|m|h|d)$";
  static final String LABEL = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$";
  static final String DIGEST = "^sha256:[0-9a-f]{64}$";

  private final SequencedMap<String, Object> properties = new LinkedHashMap<>();
  private final List<String> required = new ArrayList<>();

  Shape required(String key, Map<String, Object> type, String what) {
    required.add(key);
    return optional(key, type, what);
  }

  Shape optional(String key, Map<String, Object> type, String what) {
    SequencedMap<String, Object> property = new LinkedHashMap<>();
    property.put("description", what);
    property.putAll(type);
    properties.put(key, property);
    return this;
  }

  /** With a default, as a document writes it. */
  Shape optional(String key, Map<String, Object> type, Object otherwise, String what) {
    SequencedMap<String, Object> withDefault = new LinkedHashMap<>();
    withDefault.put("default", otherwise);
    withDefault.putAll(type);
    return optional(key, withDefault, what);
  }

  /** A mapping with these keys and no others. */
  Map<String, Object> type() {
    SequencedMap<String, Object> type = new LinkedHashMap<>();
    type.put("type", "object");
    type.put("properties", properties);
    if (!required.isEmpty()) {
      type.put("required", required);
    }
    type.put("additionalProperties", false);
    return type;
  }

  /** A mapping with exactly one of these keys, as a rung or a stage. */
  Map<String, Object> typeOfOne() {
    Map<String, Object> type = type();
    type.put("minProperties", 1);
    type.put("maxProperties", 1);
    return type;
  }

  /** Text that isn't blank. */
  static Map<String, Object> text() {
    return text("\\S");
  }

  static Map<String, Object> text(String pattern) {
    return typed("string", "pattern", pattern);
  }

  static Map<String, Object> anyText() {
    return typed("string");
  }

  /** One of a few words. */
  static Map<String, Object> word(Collection<String> words) {
    return ordered("enum", List.copyOf(words));
  }

  /** Bytes: with a binary unit, or a plain number. */
  static Map<String, Object> bytes() {
    return typed(
        List.of("string", "integer"), "pattern", "^\\d{1,18}(Ki|Mi|Gi|Ti)?$", "minimum", 0);
  }

  static Map<String, Object> count(int least, int most) {
    return typed(
        "integer", "minimum", BigDecimal.valueOf(least), "maximum", BigDecimal.valueOf(most));
  }

  static Map<String, Object> truth() {
    return typed("boolean");
  }

  static Map<String, Object> listOf(Map<String, Object> item) {
    return typed("array", "items", item);
  }

  static Map<String, Object> filledListOf(Map<String, Object> item) {
    return typed("array", "items", item, "minItems", 1);
  }

  /** A mapping whose keys are free. */
  static Map<String, Object> mapOf(Map<String, Object> value) {
    return typed("object", "additionalProperties", value);
  }

  private static Map<String, Object> typed(Object type, Object... keywords) {
    SequencedMap<String, Object> typed = ordered("type", type);
    typed.putAll(ordered(keywords));
    return typed;
  }

  /** Keys and values by turns, in that order. */
  static SequencedMap<String, Object> ordered(Object... keysAndValues) {
    SequencedMap<String, Object> ordered = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      ordered.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return ordered;
  }
}
