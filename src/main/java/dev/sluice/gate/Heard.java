package dev.sluice.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a question that is too dear to be asked at every look: it holds for a while, within
 * the step it was given in. A failure holds for good (law 18).
 *
 * @param sinceMillis when the step began that this was said in
 * @param atMillis when
 */
record Heard(
    long sinceMillis,
    long atMillis,
    String word,
    String why,
    LinkedHashMap<String, String> statistics) {
  /** Name of the statistic that says when it was asked. */
  static final String ASKED = "asked last";

  private static final JsonMapper JSON = new JsonMapper();

  /** Null where nothing was heard. */
  static @Nullable Heard read(String state, String kind) {
    try {
      return state.isEmpty() ? null : JSON.readValue(state, Heard.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not the state of a " + kind + " gate: " + state, e);
    }
  }

  static Heard of(
      GateKind.Context context,
      Instant since,
      Verdict verdict,
      SequencedMap<String, String> statistics) {
    return new Heard(
        since.toEpochMilli(),
        context.now().toEpochMilli(),
        verdict.word(),
        verdict.why(),
        new LinkedHashMap<>(statistics));
  }

  Verdict verdict() {
    return Verdict.of(word, why);
  }

  boolean isFailure() {
    return verdict() instanceof Verdict.Fail;
  }

  String at() {
    return Instant.ofEpochMilli(atMillis).toString();
  }

  boolean holds(Instant since, Instant now, Duration every) {
    return isFailure()
        || (sinceMillis == since.toEpochMilli()
            && now.toEpochMilli() - atMillis < every.toMillis());
  }

  String write() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a state that can't be written: " + this, e);
    }
  }
}
