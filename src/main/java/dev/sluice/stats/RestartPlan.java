package dev.sluice.stats;

/**
 * When the money of a FAIL process starts: 0.70 with the first batch of the release, the other 0.30
 * in equal parts with the first batch of each later stage, so that a regression that only begins
 * there is found fast. With a single stage all of it starts at once. Fixed by the release plan,
 * never by what was seen. PASS processes start fresh, with weight 1, at every stage.
 */
public final class RestartPlan {
  /** The share that starts with the first batch. */
  public static final double FIRST = 0.70;

  private RestartPlan() {}

  /**
   * The restart weight for the first batch of a stage; every other batch has weight 0.
   *
   * @param stage index of the stage among those that carry on one process, from 0
   * @param stages how many such stages the release plan has
   */
  public static double weight(int stage, int stages) {
    if (stage < 0 || stage >= stages) {
      throw new IllegalArgumentException(
          "stage must be within 0.." + (stages - 1) + ", was " + stage);
    }
    if (stages == 1) {
      return 1;
    }
    return stage == 0 ? FIRST : (1 - FIRST) / (stages - 1);
  }
}
