package dev.sluice.signal;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a body must look like: a JSON Schema that stands by itself, fetching nothing. */
public final class AnswerSchema {
  private static final JsonMapper STRICT =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private static final int QUOTED = 200;

  private final @Nullable Schema schema;

  /**
   * @param text JSON text of the schema, of the dialect it names, else of 2020-12; null: any JSON
   *     will do
   * @throws IllegalArgumentException if it is no schema, or refers to another document
   */
  public AnswerSchema(@Nullable String text) {
    schema = text == null ? null : compiled(text);
  }

  private static Schema compiled(String text) {
    SchemaRegistry registry =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            b ->
                b.schemaRegistryConfig(
                        SchemaRegistryConfig.builder().locale(Locale.ENGLISH).build())
                    .schemaLoader(
                        loader ->
                            loader.block(iri -> !iri.toString().contains("json-schema.org"))));
    try {
      JsonNode read = STRICT.readTree(text);
      String dialect =
          read.path("$schema").asText(SpecificationVersion.DRAFT_2020_12.getDialectId());
      List<Error> errors = registry.getSchema(SchemaLocation.of(dialect)).validate(read);
      if (!errors.isEmpty()) {
        throw new IllegalArgumentException("is no JSON Schema: " + described(errors.getFirst()));
      }
      Schema schema = registry.getSchema(read);
      schema.initializeValidators();
      return schema;
    } catch (JsonProcessingException | SchemaException e) {
      throw new IllegalArgumentException("is no usable JSON Schema: " + e.getMessage(), e);
    }
  }

  /** Whether it asks for anything beyond JSON. */
  public boolean declared() {
    return schema != null;
  }

  /** What is wrong with a body, quoting it; null where nothing is. */
  public @Nullable String violation(String body) {
    JsonNode json = read(body);
    if (json == null) {
      return "no JSON: " + quoted(body);
    }
    if (schema == null) {
      return null;
    }
    List<Error> errors = schema.validate(json);
    return errors.isEmpty() ? null : described(errors.getFirst()) + " in " + quoted(body);
  }

  private static String described(Error error) {
    String at = String.valueOf(error.getInstanceLocation());
    return (at.isEmpty() ? "" : at + ": ") + error.getMessage();
  }

  /** What stands at a JSON Pointer, as text; null if nothing does. */
  public static @Nullable String at(String body, String pointer) {
    JsonNode json = read(body);
    JsonNode found = json == null ? null : json.at(JsonPointer.compile(pointer));
    return found == null || found.isMissingNode() || found.isNull()
        ? null
        : found.isValueNode() ? found.asText() : found.toString();
  }

  private static @Nullable JsonNode read(String body) {
    try {
      JsonNode json = STRICT.readTree(body);
      return json == null || json.isMissingNode() ? null : json;
    } catch (JsonProcessingException notJson) {
      return null;
    }
  }

  private static String quoted(String body) {
    return body.length() <= QUOTED ? body : body.substring(0, QUOTED) + "…";
  }
}
