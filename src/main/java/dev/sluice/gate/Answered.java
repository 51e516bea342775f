package dev.sluice.gate;

import dev.sluice.model.Exchange;
import dev.sluice.model.Outcome;
import dev.sluice.model.Pair;
import java.time.Instant;
import java.util.List;

/**
 * One answer of one version, whether users saw it or not.
 *
 * @param replica that was asked; empty where it isn't known
 * @param wholeNanos from first byte sent to last byte received
 * @param rescued whether another version had to answer instead
 */
record Answered(Instant start, String replica, Outcome outcome, long wholeNanos, boolean rescued) {
  static Answered of(Exchange e) {
    return new Answered(e.start(), e.replica(), e.outcome(), e.wholeNanos(), e.rescued());
  }

  static Answered of(Pair pair, Pair.Leg leg) {
    return new Answered(pair.start(), leg.replica(), leg.outcome(), leg.wholeNanos(), false);
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

  /** Whether it says how long an answer takes: an error says nothing, a timeout "too long". */
  boolean isTimed() {
    return outcome == Outcome.TIMEOUT || (outcome != Outcome.ERROR && wholeNanos > 0);
  }

  /** Whether its time is no more than a lower bound: the caller left. */
  boolean isCutShort() {
    return outcome == Outcome.ABANDONED;
  }

  /**
   * Seconds to the whole answer, of one that was cut short the least it can be; {@code late} for a
   * timeout. Only where {@link #isTimed}.
   */
  double seconds(double late) {
    return outcome == Outcome.TIMEOUT ? late : wholeNanos / 1e9;
  }

  /**
   * Seconds to the whole answer, of one that was cut short the most it can be: {@code late}, as for
   * a timeout.
   */
  double secondsAtMost(double late) {
    return isCutShort() ? late : seconds(late);
  }

  static Instant earliest(List<Answered> answers, Instant otherwise) {
    return answers.stream().map(Answered::start).min(Instant::compareTo).orElse(otherwise);
  }
}
