package dev.sluice.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.cli.LiveLine;
import org.jspecify.annotations.Nullable;

/**
 * How one release ended.
 *
 * @param outcome {@code succeeded}, {@code rolled-back}, {@code rejected}, or {@code unfinished}
 * @param stage where it ended; empty if it passed them all
 * @param decidingGate the gate, or the other cause, that ended it; empty if nothing did
 * @param candidateRequests requests the candidate answered until the decision
 * @param userErrors wrong or missing answers its users saw, as they counted them
 * @param verdictToRestoredMillis from the verdict until users were back; null if nobody had to go
 * @param onsetToRestoredMillis from where the trouble began, says the evidence; null if unknown
 * @param why one sentence; empty for a release that succeeded
 */
record Result(
    String name,
    String outcome,
    String stage,
    String decidingGate,
    long candidateRequests,
    long userErrors,
    @Nullable Long verdictToRestoredMillis,
    @Nullable Long onsetToRestoredMillis,
    String why) {

  /** Reads the last view of a release. */
  static Result of(String name, JsonNode view, long userErrors) {
    JsonNode why = view.path("why");
    boolean succeeded = view.path("outcome").asText("").equals("succeeded");
    return new Result(
        name,
        view.path("outcome").isTextual() ? view.path("outcome").asText() : "unfinished",
        succeeded ? "" : view.path("stage").asText(""),
        why.isObject() ? LiveLine.by(why) : "",
        view.path("candidateRequests").asLong(),
        userErrors,
        number(view.path("verdictToRestoredMillis")),
        number(view.path("onsetToRestoredMillis")),
        why.path("sentence").asText(""));
  }

  private static @Nullable Long number(JsonNode node) {
    return node.isNumber() ? node.asLong() : null;
  }
}
