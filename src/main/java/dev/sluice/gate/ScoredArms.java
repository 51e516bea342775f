package dev.sluice.gate;

import dev.sluice.gate.LateMeasurements.Second;
import dev.sluice.model.Exchange;
import dev.sluice.model.Measurement;
import dev.sluice.model.VersionName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The scores of answers to users of the same seconds, by the version each was drawn for.
 *
 * @param unscored answers of which nothing was posted
 */
record ScoredArms(List<Scored> candidate, List<Scored> stable, long unscored) {
  static final ScoredArms NONE = new ScoredArms(List.of(), List.of(), 0);

  /**
   * @param lost 1 - score
   */
  record Scored(Instant start, double lost) {}

  /** With what became known of one more second. */
  ScoredArms plus(Second<Exchange> second, VersionName ofCandidate) {
    List<Scored> candidates = new ArrayList<>(candidate);
    List<Scored> stables = new ArrayList<>(stable);
    long without = unscored;
    for (Exchange exchange : second.items()) {
      Measurement known = second.known().get(exchange.requestId());
      if (known == null) {
        without++;
      } else {
        (exchange.version().equals(ofCandidate) ? candidates : stables)
            .add(new Scored(exchange.start(), 1 - score(exchange, known)));
      }
    }
    return new ScoredArms(candidates, stables, without);
  }

  /** What was posted of a request that another version answered says nothing good of this one. */
  private static double score(Exchange exchange, Measurement known) {
    if (exchange.rescued()) {
      return 0;
    }
    Double score = known.score();
    String label = known.label();
    return score != null ? score : label != null && label.equals(exchange.answer()) ? 1 : 0;
  }

  boolean isEmpty() {
    return candidate.isEmpty() && stable.isEmpty();
  }

  boolean areBothThere() {
    return !candidate.isEmpty() && !stable.isEmpty();
  }

  int size() {
    return candidate.size() + stable.size();
  }

  /**
   * When the candidate's first answer came that is worse than the usual; the first of all where
   * none is.
   *
   * @param usual 1 - score of an answer on average
   */
  Instant firstBad(double usual) {
    return candidate.stream()
        .filter(scored -> scored.lost() > usual)
        .findFirst()
        .orElse(candidate.getFirst())
        .start();
  }

  static double[] lost(List<Scored> arm) {
    return arm.stream().mapToDouble(Scored::lost).toArray();
  }
}
