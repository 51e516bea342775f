package dev.sluice.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.model.Verdict;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The verdict of a gate that looks once at something that doesn't change: kept, so that neither a
 * later look nor a restart asks again. A failure holds for the whole release (law 18), anything
 * else for its stage.
 *
 * @param stage index in the pipeline
 */
record Settled(
    int stage, String word, String why, long samples, LinkedHashMap<String, String> statistics) {
  private static final JsonMapper JSON = new JsonMapper();

  static GateKind.Look decided(
      GateKind.Context context,
      String kind,
      Verdict verdict,
      long samples,
      SequencedMap<String, String> statistics,
      String source) {
    Settled settled =
        new Settled(
            stageOf(context),
            verdict.word(),
            verdict.why(),
            samples,
            new LinkedHashMap<>(statistics));
    try {
      return new GateKind.Look(
          Reports.plain(context, kind, verdict, samples, statistics, source),
          JSON.writeValueAsString(settled));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a verdict that can't be written: " + settled, e);
    }
  }

  /** The look that repeats what an earlier one found; null where there is nothing to repeat. */
  static GateKind.@Nullable Look again(
      GateKind.Context context, String state, String kind, String source) {
    if (state.isEmpty()) {
      return null;
    }
    Settled kept;
    try {
      kept = JSON.readValue(state, Settled.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not the state of a " + kind + " gate: " + state, e);
    }
    Verdict verdict = Verdict.of(kept.word, kept.why);
    boolean holds = verdict instanceof Verdict.Fail || kept.stage == stageOf(context);
    return holds
        ? new GateKind.Look(
            Reports.plain(context, kind, verdict, kept.samples, kept.statistics, source), state)
        : null;
  }

  private static int stageOf(GateKind.Context context) {
    return context.release().pipeline().stages().indexOf(context.stage());
  }
}
