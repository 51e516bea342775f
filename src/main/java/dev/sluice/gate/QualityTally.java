package dev.sluice.gate;

import dev.sluice.stats.PastMean;

/**
 * What {@link AnswerQualityGate} saw in the present stage and segment.
 *
 * @param worse pairs in which only stable was right
 * @param better pairs in which only the candidate was right
 * @param unscored observations of which nothing was posted in time
 */
record QualityTally(Scored candidate, Scored stable, double worse, double better, long unscored) {
  static final QualityTally NONE = new QualityTally(Scored.NONE, Scored.NONE, 0, 0, 0);

  /**
   * Answers of one version that have a score.
   *
   * @param sum of their scores; of answers that are right or wrong, how many were right
   */
  record Scored(double answers, double sum) {
    static final Scored NONE = new Scored(0, 0);

    Scored plus(double moreAnswers, double more) {
      return new Scored(answers + moreAnswers, sum + more);
    }

    double lost() {
      return Math.max(0, answers - sum);
    }

    /** Where each is right or wrong. */
    String part() {
      return Words.part(sum, answers);
    }

    String mean() {
      return "%s on %s answers"
          .formatted(Words.percent(answers == 0 ? 0 : sum / answers), Words.count(answers));
    }
  }

  /** How far answers of both versions were from right on average; 0 before the first. */
  double centre() {
    PastMean none = PastMean.ofHistory(0, 1);
    return (none.sum() + candidate.lost() + stable.lost())
        / (none.count() + candidate.answers() + stable.answers());
  }

  QualityTally without(long more) {
    return new QualityTally(candidate, stable, worse, better, unscored + more);
  }
}
