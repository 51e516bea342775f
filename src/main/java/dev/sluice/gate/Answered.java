package dev.sluice.gate;

import dev.sluice.model.Exchange;
import dev.sluice.model.Outcome;
import dev.sluice.model.Pair;
import java.time.Instant;
import java.util.List;

/**
 * One answer of one version, whether users saw it or not; measured as in {@link Exchange}.
 *
 * @param rescued whether another version had to answer instead
 */
record Answered(
    Instant start,
    String replica,
    Outcome outcome,
    int status,
    long firstByteNanos,
    long wholeNanos,
    long perTokenNanos,
    boolean rescued) {
  static Answered of(Exchange e) {
    return new Answered(
        e.start(),
        e.replica(),
        e.outcome(),
        e.status(),
        e.firstByteNanos(),
        e.wholeNanos(),
        e.perTokenNanos(),
        e.rescued());
  }

  static Answered of(Pair pair, Pair.Leg leg) {
    return new Answered(
        pair.start(),
        leg.replica(),
        leg.outcome(),
        leg.status(),
        leg.firstByteNanos(),
        leg.wholeNanos(),
        leg.perTokenNanos(),
        false);
  }

  static List<Answered> ofCandidate(List<Pair> pairs) {
    return pairs.stream().map(p -> of(p, p.candidate())).toList();
  }

  static List<Answered> ofStable(List<Pair> pairs) {
    return pairs.stream().map(p -> of(p, p.stable())).toList();
  }

  /**
   * Refused, broken off, too late; a rescued request failed too, whoever answered in the end. A
   * caller who left is no failure of the version by itself: callers leave for reasons of their own.
   * That they leave one version sooner is what its latency tells.
   */
  boolean failed() {
    return outcome == Outcome.ERROR
        || outcome == Outcome.TIMEOUT
        || (rescued && outcome == Outcome.OK);
  }

  boolean invalid() {
    return outcome == Outcome.INVALID;
  }

  /** What went wrong, as a number: the outcome, and of what class the status was. */
  int cause() {
    return outcome.ordinal() * 10 + status / 100;
  }

  /** In how many seconds they began. */
  static int seconds(List<Answered> answers) {
    return (int) answers.stream().mapToLong(a -> a.start().getEpochSecond()).distinct().count();
  }

  static Instant earliest(List<Answered> answers, Instant otherwise) {
    return answers.stream().map(Answered::start).min(Instant::compareTo).orElse(otherwise);
  }
}
