package dev.sluice.gate;

import dev.sluice.model.Exchange;
import dev.sluice.model.Outcome;
import dev.sluice.model.Pair;
import dev.sluice.model.Timing;
import java.time.Instant;
import java.util.List;

/**
 * One answer of one version, whether users saw it or not; its times as in {@link Exchange}.
 *
 * @param replica that was asked; empty where it isn't known
 * @param timing which of its times is asked for
 * @param rescued whether another version had to answer instead
 */
record Answered(
    Instant start,
    String replica,
    Outcome outcome,
    Timing timing,
    long firstByteNanos,
    long wholeNanos,
    long perTokenNanos,
    boolean rescued) {
  static Answered of(Exchange e) {
    return new Answered(
        e.start(),
        e.replica(),
        e.outcome(),
        Timing.WHOLE,
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
        Timing.WHOLE,
        leg.firstByteNanos(),
        leg.wholeNanos(),
        leg.perTokenNanos(),
        false);
  }

  /** The same, asked for another of its times. */
  Answered by(Timing other) {
    if (other == timing) {
      return this;
    }
    return new Answered(
        start, replica, outcome, other, firstByteNanos, wholeNanos, perTokenNanos, rescued);
  }

  static List<Answered> by(Timing timing, List<Answered> answers) {
    return answers.stream().map(answered -> answered.by(timing)).toList();
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

  boolean timedOut() {
    return outcome == Outcome.TIMEOUT;
  }

  /** Whether it says how long an answer takes: an error says nothing, a timeout "too long". */
  boolean isTimed() {
    return outcome != Outcome.ERROR && (isLate() || (isCutShort() ? wholeNanos : nanos()) > 0);
  }

  /** Whether its time is no more than a lower bound: the caller left before. */
  boolean isCutShort() {
    return outcome == Outcome.ABANDONED && isMissing();
  }

  private boolean isLate() {
    return outcome == Outcome.TIMEOUT && isMissing();
  }

  /**
   * Whether what is timed never came, of an answer that ended early. Of a time for one token
   * nothing can be said then.
   */
  private boolean isMissing() {
    return switch (timing) {
      case WHOLE -> true;
      case FIRST_TOKEN -> firstByteNanos == 0;
      case PER_TOKEN -> false;
    };
  }

  private long nanos() {
    return switch (timing) {
      case WHOLE -> wholeNanos;
      case FIRST_TOKEN -> firstByteNanos;
      case PER_TOKEN -> perTokenNanos;
    };
  }

  /** Seconds; of one that was cut short the least it can be; {@code late} for a timeout. */
  double seconds(double late) {
    return isLate() ? late : (isCutShort() ? wholeNanos : nanos()) / 1e9;
  }

  /** Seconds; of one that was cut short the most it can be: {@code late}, as for a timeout. */
  double secondsAtMost(double late) {
    return isCutShort() ? late : seconds(late);
  }

  static Instant earliest(List<Answered> answers, Instant otherwise) {
    return answers.stream().map(Answered::start).min(Instant::compareTo).orElse(otherwise);
  }
}
