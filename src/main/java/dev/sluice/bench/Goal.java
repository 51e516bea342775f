package dev.sluice.bench;

/**
 * What a full run must keep (design section 9).
 *
 * @param judge whom it binds
 */
record Goal(String judge, Measure measure, double atMost) {
  /** What of a {@link Outcome.Row} is bounded. */
  enum Measure {
    PROBABILITY("P"),
    OVER_LIMIT("/limit"),
    OVER_SPRT("/SPRT"),
    MOST("most");

    private final String word;

    Measure(String word) {
      this.word = word;
    }

    double of(Outcome.Row row) {
      return switch (this) {
        case PROBABILITY -> row.probability();
        case OVER_LIMIT -> row.overLimit();
        case OVER_SPRT -> row.overSprt();
        case MOST -> row.most();
      };
    }
  }

  /** Whether it is kept; a number that isn't there keeps nothing. */
  boolean keptBy(Outcome.Row row) {
    return measure.of(row) <= atMost;
  }

  @Override
  public String toString() {
    return measure.word + " <= " + Outcome.number(atMost);
  }
}
