package dev.sluice.gate;

import dev.sluice.stats.Prior;
import dev.sluice.stats.ScoreSample;
import java.util.List;

/**
 * How a gate compares the answers of two arms in the same time, towards failing. The candidate and
 * stable are compared by it, and so are two halves of stable, to see what it says where there is
 * nothing to find.
 */
interface Comparison {
  /** What the answers say towards "the first arm is worse", divided by the dispersion. */
  double[] logIncrements(List<Answered> first, List<Answered> second);

  /** The weights of the increments. */
  Prior prior();

  /**
   * What the comparison rests on, as scores in [0, 1] whose spread can be measured: one sample for
   * each thing that is scored.
   */
  List<ScoreSample> scores(List<Answered> answers);

  /** Those of some answers that say anything of what is compared, asked for that. */
  default List<Answered> telling(List<Answered> answers) {
    return answers;
  }
}
