package dev.sluice.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How long a value has kept within its limits, or beyond them. One look says nothing: it passes, or
 * fails for good, when the same was seen at every look for long enough. A rule, not a test: it has
 * no part in the release's bound on false rollbacks.
 *
 * @param latched why it failed; null while it has not
 * @param stage index in the pipeline that the time is counted in
 * @param within what was seen last; null before the first look and after one without evidence
 * @param sinceMillis since when it was seen at every look
 * @param readMillis until when measurements were used
 */
record Sustained(
    @Nullable String latched,
    int stage,
    @Nullable Boolean within,
    long sinceMillis,
    long readMillis) {
  private static final JsonMapper JSON = new JsonMapper();

  /** Parameters of gates with such a rule. */
  record Times(Duration passAfter, Duration failAfter) {
    static Times read(Parameters p) {
      Duration most = Duration.ofHours(24);
      return new Times(
          p.duration(
              "passAfter",
              Duration.ofSeconds(60),
              most,
              "it passes when the limits were kept at every look for so long"),
          p.duration(
              "failAfter",
              Duration.ofSeconds(60),
              most,
              "it fails when they were not, at every look for so long"));
    }
  }

  static Sustained read(GateKind.Context context, String state) {
    int stage = context.release().pipeline().stages().indexOf(context.stage());
    if (state.isEmpty()) {
      return new Sustained(null, stage, null, 0, 0);
    }
    try {
      Sustained kept = JSON.readValue(state, Sustained.class);
      return kept.stage == stage
          ? kept
          : new Sustained(kept.latched, stage, null, 0, kept.readMillis);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not the state of a gate with limits: " + state, e);
    }
  }

  String write() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a state that can't be written: " + this, e);
    }
  }

  /** A look without evidence: what was seen before and after it is not one stretch. */
  Sustained interrupted() {
    return new Sustained(latched, stage, null, 0, readMillis);
  }

  /** One look more. */
  Sustained plus(boolean kept, Instant now, Times times, String sentence) {
    boolean same = within != null && within == kept;
    long since = same ? sinceMillis : now.toEpochMilli();
    String why =
        latched == null && !kept && lasts(since, now, times.failAfter()) ? sentence : latched;
    return new Sustained(why, stage, kept, since, readMillis);
  }

  Sustained readUntil(Instant moment) {
    return new Sustained(latched, stage, within, sinceMillis, moment.toEpochMilli());
  }

  Verdict verdict(Instant now, Times times, String sentence) {
    if (latched != null) {
      return new Verdict.Fail(latched);
    }
    if (within != null && within && lasts(sinceMillis, now, times.passAfter())) {
      return new Verdict.Pass(sentence);
    }
    Duration seen = Duration.ofMillis(now.toEpochMilli() - sinceMillis);
    return new Verdict.Undecided(
        "%s, for %s now".formatted(sentence, Words.seconds(Math.max(0, seen.toMillis()) / 1e3)));
  }

  private static boolean lasts(long since, Instant now, Duration wanted) {
    return now.toEpochMilli() - since >= wanted.toMillis();
  }
}
