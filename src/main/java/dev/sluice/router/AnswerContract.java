package dev.sluice.router;

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
import com.networknt.schema.SpecificationVersion;
import dev.sluice.model.Outcome;
import dev.sluice.model.Pair;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a service's answers must look like, compiled once. */
final class AnswerContract {
  /**
   * What an answer is worth.
   *
   * @param answer the part that labels are compared with
   * @param tokens of output, as the answer says (OpenAI's {@code usage}); 0 if it doesn't
   */
  record Judged(Outcome outcome, @Nullable String answer, int tokens) {
    /** Judged without a look into the body. */
    static Judged unread(Outcome outcome) {
      return new Judged(outcome, null, 0);
    }
  }

  private static final JsonPointer TOKENS = JsonPointer.compile("/usage/completion_tokens");

  // Jackson takes no NaN and no Infinity unless asked to
  private static final JsonMapper STRICT =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final @Nullable String schemaText;
  private final @Nullable Schema schema;
  private final @Nullable JsonPointer answer;

  /**
   * Compiles.
   *
   * @throws IllegalArgumentException if the schema isn't one, refers to what isn't in it, or the
   *     pointer isn't an RFC 6901 pointer
   */
  AnswerContract(@Nullable String schemaText, @Nullable String answerPointer) {
    this.schemaText = schemaText;
    this.schema = schemaText == null ? null : compile(schemaText);
    this.answer = answerPointer == null ? null : JsonPointer.compile(answerPointer);
  }

  /** This one, if it was compiled from the same text: a rollback doesn't wait for a compiler. */
  AnswerContract changedTo(@Nullable String newSchemaText, @Nullable String newPointer) {
    boolean same =
        Objects.equals(schemaText, newSchemaText)
            && Objects.equals(answer == null ? null : answer.toString(), newPointer);
    return same ? this : new AnswerContract(newSchemaText, newPointer);
  }

  boolean hasSchema() {
    return schema != null;
  }

  private static Schema compile(String text) {
    try {
      JsonNode node = STRICT.readTree(text);
      if (!node.isObject() && !node.isBoolean()) {
        throw new IllegalArgumentException(
            "the response schema must be a JSON Schema object, was " + node.getNodeType());
      }
      // nothing is fetched from anywhere: a schema stands by itself
      SchemaRegistry registry =
          SchemaRegistry.withDefaultDialect(
              SpecificationVersion.DRAFT_2020_12,
              b ->
                  b.schemaLoader(
                      loader -> loader.block(iri -> !iri.toString().contains("json-schema.org"))));
      List<Error> errors = registry.getSchema(SchemaLocation.of(dialectOf(node))).validate(node);
      if (!errors.isEmpty()) {
        throw new IllegalArgumentException(
            "the response schema can't be used: " + errors.getFirst());
      }
      Schema compiled = registry.getSchema(node);
      compiled.initializeValidators();
      return compiled;
    } catch (JsonProcessingException | SchemaException e) {
      throw new IllegalArgumentException("the response schema can't be used: " + e.getMessage(), e);
    }
  }

  private static String dialectOf(JsonNode schema) {
    return schema.path("$schema").asText(SpecificationVersion.DRAFT_2020_12.getDialectId());
  }

  /**
   * Judges a whole answer.
   *
   * @param bySchema whether the schema, if any, speaks of this answer
   */
  Judged judge(byte[] body, boolean bySchema) {
    JsonNode json;
    try {
      json = STRICT.readTree(body);
    } catch (IOException notJson) {
      return Judged.unread(Outcome.INVALID);
    }
    if (json == null || json.isMissingNode()) {
      return Judged.unread(Outcome.INVALID);
    }
    boolean broken = bySchema && schema != null && !schema.validate(json).isEmpty();
    return new Judged(
        broken ? Outcome.INVALID : Outcome.OK, answerIn(json), json.at(TOKENS).asInt(0));
  }

  private @Nullable String answerIn(JsonNode json) {
    if (answer == null) {
      return null;
    }
    JsonNode found = json.at(answer);
    if (found.isMissingNode() || found.isNull()) {
      return null;
    }
    String text = found.isValueNode() ? found.asText() : found.toString();
    return text.length() <= Pair.Leg.ANSWER_CHARS ? text : text.substring(0, Pair.Leg.ANSWER_CHARS);
  }
}
