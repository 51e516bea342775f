package dev.sluice.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whether one JSON Schema allows whatever another does. The question has no answer in general, so
 * the keywords that say something of one value each are compared, and any other must be the same in
 * both. One thing is let through that logic wouldn't: a property that the narrower schema doesn't
 * speak of may be described by the wider one, as when a request learns of a new optional property.
 */
final class SchemaContainment {
  private static final JsonMapper JSON = new JsonMapper();

  /** They tell people something, and allow or forbid nothing. */
  private static final Set<String> ANNOTATIONS =
      Set.of(
          "$schema",
          "$id",
          "$comment",
          "title",
          "description",
          "default",
          "examples",
          "deprecated",
          "readOnly",
          "writeOnly",
          "format");

  /** Numbers that the wider schema must not have above, or below, the narrower one's. */
  private static final Set<String> LEAST =
      Set.of("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties");

  private static final Set<String> MOST =
      Set.of("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties");

  private final List<String> gaps = new ArrayList<>();

  private SchemaContainment() {}

  /**
   * What {@code wider} may refuse although {@code narrower} allows it, a sentence each; empty:
   * nothing.
   *
   * @param narrower JSON text of a schema; null: allows everything
   * @param wider likewise
   */
  static List<String> gaps(@Nullable String narrower, @Nullable String wider) {
    SchemaContainment compared = new SchemaContainment();
    compared.compare(read(narrower), read(wider), "");
    return compared.gaps;
  }

  private static JsonNode read(@Nullable String schema) {
    try {
      return schema == null ? JsonNodeFactory.instance.objectNode() : JSON.readTree(schema);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a JSON Schema: " + schema, e);
    }
  }

  private void compare(JsonNode narrower, JsonNode wider, String at) {
    if (narrower.equals(wider) || wider.equals(JsonNodeFactory.instance.booleanNode(true))) {
      return;
    }
    if (narrower.isBoolean() && !narrower.booleanValue()) {
      return;
    }
    if (wider.isBoolean()) {
      gap(at, "may be there, must not");
      return;
    }
    for (Map.Entry<String, JsonNode> keyword : wider.properties()) {
      if (!ANNOTATIONS.contains(keyword.getKey())) {
        compare(keyword.getKey(), narrower, wider, at);
      }
    }
  }

  private void compare(String keyword, JsonNode narrower, JsonNode wider, String at) {
    JsonNode own = narrower.path(keyword);
    JsonNode bound = wider.path(keyword);
    switch (keyword) {
      case "type" -> types(own, bound, at);
      case "enum", "const" -> values(narrower, keyword, bound, at);
      case "required" -> required(own, bound, at);
      case "properties" -> properties(narrower, bound, at);
      case "additionalProperties" -> additional(narrower, wider, at);
      case "items" -> compare(own.isMissingNode() ? anything() : own, bound, at + "/*");
      default -> {
        if (LEAST.contains(keyword) || MOST.contains(keyword)) {
          bounds(keyword, own, bound, at);
        } else if (!own.equals(bound)) {
          gap(at, "differs in '" + keyword + "', which can't be compared");
        }
      }
    }
  }

  private static JsonNode anything() {
    return JsonNodeFactory.instance.objectNode();
  }

  private void types(JsonNode own, JsonNode bound, String at) {
    Set<String> allowed = words(bound);
    Set<String> missing = words(own);
    if (missing.isEmpty()) {
      gap(at, "may be of any type, must be " + String.join(" or ", allowed));
      return;
    }
    missing.removeAll(allowed);
    if (allowed.contains("number")) {
      missing.remove("integer");
    }
    if (!missing.isEmpty()) {
      gap(
          at,
          "may be %s, must be %s"
              .formatted(String.join(" or ", missing), String.join(" or ", allowed)));
    }
  }

  private void values(JsonNode narrower, String keyword, JsonNode bound, String at) {
    List<JsonNode> allowed = new ArrayList<>();
    if (keyword.equals("enum")) {
      bound.forEach(allowed::add);
    } else {
      allowed.add(bound);
    }
    List<JsonNode> own = new ArrayList<>();
    narrower.path("enum").forEach(own::add);
    if (narrower.has("const")) {
      own.add(narrower.path("const"));
    }
    if (own.isEmpty()) {
      gap(at, "may be anything, must be one of " + allowed);
    }
    for (JsonNode value : own) {
      if (!allowed.contains(value)) {
        gap(at, "may be " + value + ", must be one of " + allowed);
      }
    }
  }

  private void required(JsonNode own, JsonNode bound, String at) {
    Set<String> wanted = words(bound);
    wanted.removeAll(words(own));
    for (String key : wanted) {
      gap(at + "/" + key, "may be left out, must be there");
    }
  }

  private void properties(JsonNode narrower, JsonNode bound, String at) {
    for (Map.Entry<String, JsonNode> property : bound.properties()) {
      JsonNode own = narrower.path("properties").path(property.getKey());
      if (!own.isMissingNode()) {
        compare(own, property.getValue(), at + "/" + property.getKey());
      }
    }
  }

  private void additional(JsonNode narrower, JsonNode wider, String at) {
    JsonNode own = narrower.path("additionalProperties");
    JsonNode bound = wider.path("additionalProperties");
    boolean ownClosed = own.isBoolean() && !own.booleanValue();
    for (Map.Entry<String, JsonNode> property : narrower.path("properties").properties()) {
      if (!wider.path("properties").has(property.getKey())) {
        compare(property.getValue(), bound, at + "/" + property.getKey());
      }
    }
    if (ownClosed) {
      return;
    }
    if (bound.isBoolean() && !bound.booleanValue()) {
      gap(at, "may have properties of any name, must not");
    } else {
      compare(own.isMissingNode() ? anything() : own, bound, at + "/*");
    }
  }

  private void bounds(String keyword, JsonNode own, JsonNode bound, String at) {
    if (!own.isNumber()) {
      gap(at, "has no %s, must have one of %s".formatted(keyword, bound));
      return;
    }
    BigDecimal its = own.decimalValue();
    int order = its.compareTo(bound.decimalValue());
    if (LEAST.contains(keyword) ? order < 0 : order > 0) {
      gap(at, "has %s %s, must have %s".formatted(keyword, own, bound));
    }
  }

  private static Set<String> words(JsonNode oneOrMore) {
    Set<String> words = new TreeSet<>();
    if (oneOrMore.isTextual()) {
      words.add(oneOrMore.asText());
    }
    if (oneOrMore.isArray()) {
      oneOrMore.forEach(word -> words.add(word.asText()));
    }
    return words;
  }

  private void gap(String at, String what) {
    gaps.add((at.isEmpty() ? "the whole" : at) + " " + what);
  }
}
