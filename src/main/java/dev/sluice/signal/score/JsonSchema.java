package dev.sluice.signal.score;

import dev.sluice.signal.AnswerSchema;

/** Right is JSON text that keeps a schema: structured output. */
public record JsonSchema(AnswerSchema schema) implements Scorer.Checking {
  public static final String WORD = "json-schema";

  @Override
  public String word() {
    return WORD;
  }

  @Override
  public boolean keeps(String answer) {
    return schema.violation(answer) == null;
  }
}
