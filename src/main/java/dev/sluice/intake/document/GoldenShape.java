package dev.sluice.intake.document;

import dev.sluice.signal.score.ChrF;
import dev.sluice.signal.score.Exact;
import dev.sluice.signal.score.JsonSchema;
import dev.sluice.signal.score.Judge;
import dev.sluice.signal.score.Label;
import dev.sluice.signal.score.Numeric;
import dev.sluice.signal.score.Patterns;
import dev.sluice.signal.score.TokenF1;
import java.util.List;
import java.util.Map;

/** What {@link GoldenReader} and {@link ScorerReader} read. */
final class GoldenShape {
  private GoldenShape() {}

  static Map<String, Object> spec() {
    return new Shape()
        .required("path", Shape.text("^/"), "what is asked at the version's address")
        .required(
            "items",
            Shape.text(),
            "a file beside the document or below it, an item a line: {\"request\": <body>,"
                + " \"label\": \"<right answer>\"}")
        .required("digest", Shape.text(Shape.DIGEST), "of that file: a changed set is another set")
        .optional("scorer", scorer(), Exact.WORD, "how good an answer is")
        .type();
  }

  /** A word where there is nothing to set up, or a mapping of one word to its settings. */
  private static Map<String, Object> scorer() {
    Map<String, Object> none = new Shape().type();
    Map<String, Object> numeric =
        new Shape()
            .optional(
                "absolute",
                Shape.ordered("type", "number", "minimum", 0),
                0,
                "a number no farther from the label is right")
            .optional("relative", Shape.text(Shape.SHARE), "0%", "or no farther by this part of it")
            .type();
    Map<String, Object> label =
        new Shape()
            .required("labels", labels(), "all there are; an answer must name the right one alone")
            .type();
    Map<String, Object> jsonSchema =
        new Shape()
            .required(
                "schema",
                Shape.ordered("type", List.of("object", "boolean")),
                "that an answer must keep")
            .type();
    Map<String, Object> patterns =
        new Shape()
            .optional("must", Shape.listOf(Shape.anyText()), "all are found (RE2 syntax)")
            .optional("never", Shape.listOf(Shape.anyText()), "none is found")
            .type();
    Map<String, Object> judge =
        new Shape()
            .required("name", Shape.text(Shape.LABEL), "as in sluice.signal.judge.<name>.url")
            .type();
    Map<String, Object> setUp =
        new Shape()
            .optional(Exact.WORD, none, "1 for the label to the letter")
            .optional(Numeric.WORD, numeric, "1 for a number near the label")
            .optional(Label.WORD, label, "1 where the answer names the right label and no other")
            .optional(TokenF1.WORD, none, "overlap of words")
            .optional(ChrF.WORD, none, "overlap of character n-grams")
            .optional(JsonSchema.WORD, jsonSchema, "1 for JSON text that keeps the schema")
            .optional(Patterns.WORD, patterns, "1 where all of one list are found, none of another")
            .optional(Judge.WORD, judge, "what a web service of one's own says")
            .typeOfOne();
    List<String> words = List.of(Exact.WORD, Numeric.WORD, TokenF1.WORD, ChrF.WORD);
    return Shape.ordered("anyOf", List.of(Shape.word(words), setUp));
  }

  private static Map<String, Object> labels() {
    Map<String, Object> labels = Shape.filledListOf(Shape.text());
    labels.put("minItems", 2);
    return labels;
  }
}
