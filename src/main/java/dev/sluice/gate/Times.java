package dev.sluice.gate;

import dev.sluice.model.Outcome;
import dev.sluice.model.Timing;
import dev.sluice.stats.EventCounts;
import java.util.List;

/**
 * How long answers took. An error says nothing of it; a timeout, that it takes too long. Of one
 * whose caller left the least that it can be is known, unless what is measured was there already.
 */
record Times(Timing timing) {
  private static final double NANOS = 1e9;

  /** Whether it says anything of how long an answer takes. */
  boolean tells(Answered answer) {
    return switch (timing) {
      case WHOLE -> answer.outcome() != Outcome.ERROR && (isLate(answer) || answer.wholeNanos() > 0);
      case FIRST_BYTE ->
          answer.outcome() != Outcome.ERROR
              && (isLate(answer) || answer.firstByteNanos() > 0 || isCutShort(answer));
      case PER_TOKEN -> answer.outcome() != Outcome.ERROR && answer.perTokenNanos() > 0;
    };
  }

  private boolean isLate(Answered answer) {
    return answer.outcome() == Outcome.TIMEOUT
        && (timing == Timing.WHOLE
            || (timing == Timing.FIRST_BYTE && answer.firstByteNanos() == 0));
  }

  /** Whether its time is no more than a lower bound: the caller left before. */
  boolean isCutShort(Answered answer) {
    return answer.outcome() == Outcome.ABANDONED
        && (timing == Timing.WHOLE
            || (timing == Timing.FIRST_BYTE && answer.firstByteNanos() == 0));
  }

  /** Seconds, of one that was cut short the least it can be; {@code late} for a timeout. */
  double seconds(Answered answer, double late) {
    if (isLate(answer)) {
      return late;
    }
    return switch (timing) {
          case WHOLE -> answer.wholeNanos();
          case FIRST_BYTE ->
              isCutShort(answer) ? answer.wholeNanos() : answer.firstByteNanos();
          case PER_TOKEN -> answer.perTokenNanos();
        }
        / NANOS;
  }

  double[] seconds(List<Answered> answers, double late) {
    return answers.stream().mapToDouble(a -> seconds(a, late)).toArray();
  }

  /** Seconds, of those that were cut short the most it can be: {@code late}, as for a timeout. */
  double[] secondsAtMost(List<Answered> answers, double late) {
    return answers.stream().mapToDouble(a -> isCutShort(a) ? late : seconds(a, late)).toArray();
  }

  /** Seconds, where who waited longer than {@code patience} and left met the slowest there is. */
  double[] patient(List<Answered> answers, double patience) {
    double late = Double.POSITIVE_INFINITY;
    return answers.stream()
        .mapToDouble(a -> isCutShort(a) && seconds(a, late) > patience ? late : seconds(a, late))
        .toArray();
  }

  /**
   * How many took longer than a limit.
   *
   * @param cutShort beyond which one that was cut short counts among them
   */
  EventCounts above(List<Answered> answers, double limit, double cutShort) {
    double late = Double.POSITIVE_INFINITY;
    return new EventCounts(
        answers.size(),
        answers.stream().filter(a -> seconds(a, late) > (isCutShort(a) ? cutShort : limit)).count());
  }
}
