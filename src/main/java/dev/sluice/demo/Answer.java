package dev.sluice.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** What a user makes of an answer. */
final class Answer {
  /** Strict: a bare NaN is no JSON, and nothing may follow the document. */
  private static final ObjectMapper STRICT =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private Answer() {}

  /** What is wrong with it; empty if it is of use. */
  static String problem(int status, String body) {
    if (status != 200) {
      return "status " + status;
    }
    JsonNode root;
    try {
      root = STRICT.readTree(body);
    } catch (JsonProcessingException e) {
      return "no JSON: " + said(e);
    }
    for (JsonNode output : root.path("outputs")) {
      if (output.path("name").asText().equals("label")) {
        JsonNode label = output.path("data").path(0);
        return label.isInt() && label.asInt() >= 0 && label.asInt() <= 9 ? "" : "label is " + label;
      }
    }
    return "no label in it";
  }

  /** What the parser found, without its advice to programmers on how to let it pass. */
  private static String said(JsonProcessingException e) {
    return e.getOriginalMessage().replaceFirst("(?s): enable `.*", "");
  }
}
