package dev.sluice.gate;

import dev.sluice.gate.LateMeasurements.Second;
import dev.sluice.model.Measurement;
import dev.sluice.model.Pair;
import dev.sluice.stats.PairCounts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The pairs of one second that have a label, by which answers were right: those that read as the
 * label.
 *
 * @param both answers right
 * @param worse only stable's answer right
 * @param better only the candidate's answer right
 * @param neither answer right
 * @param began when the first that was worse began; the second, if none was
 */
record LabelledPairs(double both, double worse, double better, double neither, Instant began) {
  static LabelledPairs of(Second<Pair> second) {
    double both = 0;
    double worse = 0;
    double better = 0;
    double neither = 0;
    @Nullable Instant firstWorse = null;
    for (Pair pair : second.items()) {
      Measurement known = second.known().get(pair.requestId());
      if (known == null) {
        continue;
      }
      boolean c = isRight(known, pair.candidate().answer());
      boolean s = isRight(known, pair.stable().answer());
      both += c && s ? 1 : 0;
      worse += s && !c ? 1 : 0;
      better += c && !s ? 1 : 0;
      neither += !c && !s ? 1 : 0;
      firstWorse = firstWorse == null && s && !c ? pair.start() : firstWorse;
    }
    return new LabelledPairs(
        both,
        worse,
        better,
        neither,
        firstWorse == null ? second.items().getFirst().start() : firstWorse);
  }

  private static boolean isRight(Measurement known, @Nullable String answer) {
    return known.label() != null && known.label().equals(answer);
  }

  double all() {
    return both + worse + better + neither;
  }

  PairCounts counts() {
    return new PairCounts(worse, better, both + neither);
  }
}
