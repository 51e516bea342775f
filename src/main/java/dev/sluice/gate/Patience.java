package dev.sluice.gate;

import dev.sluice.stats.EventCounts;
import java.util.List;

/** How those count who left before their answer was whole: it takes longer than they waited. */
final class Patience {
  private static final double LATE = Double.POSITIVE_INFINITY;

  private Patience() {}

  /** Times in seconds; who waited longer than {@code patience} has waited for the slowest. */
  static double[] seconds(List<Answered> answers, double patience) {
    return answers.stream()
        .mapToDouble(a -> a.seconds(LATE) > patience ? a.secondsAtMost(LATE) : a.seconds(LATE))
        .toArray();
  }

  /**
   * Answers that took longer than a limit.
   *
   * @param cutShort who left is above the limit if he waited longer than this
   */
  static EventCounts above(List<Answered> answers, double limit, double cutShort) {
    int above = 0;
    for (Answered answered : answers) {
      above += answered.seconds(LATE) > (answered.isCutShort() ? cutShort : limit) ? 1 : 0;
    }
    return new EventCounts(answers.size(), above);
  }
}
