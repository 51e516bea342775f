package dev.sluice.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is supposed of a service's traffic instead of what it was like of late; null: as it was.
 *
 * @param perSecond requests of users
 * @param errors share of requests that fail or time out
 * @param timeouts share of requests that time out; they are errors, too
 * @param invalid share of requests with an invalid answer
 * @param wrong share of labelled requests with a wrong answer
 * @param p50 time to the whole answer that half of the requests keep
 * @param p99 time to the whole answer that 99 % of the requests keep
 */
public record Assumptions(
    @Nullable Double perSecond,
    @Nullable Double errors,
    @Nullable Double timeouts,
    @Nullable Double invalid,
    @Nullable Double wrong,
    @Nullable Duration p50,
    @Nullable Duration p99) {
  /** Everything as it was of late. */
  public static final Assumptions NONE = new Assumptions(null, null, null, null, null, null, null);

  private static final double MOST_PER_SECOND = 1e6;

  /**
   * @throws IllegalArgumentException naming every value that makes no sense, and what would
   */
  public Assumptions {
    List<String> wrongOnes = new ArrayList<>();
    if (perSecond != null && !(perSecond > 0 && perSecond <= MOST_PER_SECOND)) {
      wrongOnes.add("rate must be above 0 and at most 1000000 a second, was " + perSecond);
    }
    share(wrongOnes, "errors", errors);
    share(wrongOnes, "timeouts", timeouts);
    if (errors != null && timeouts != null && timeouts > errors) {
      wrongOnes.add(
          "timeouts are errors, too: must be at most %s%%, was %s%%"
              .formatted(errors * 100, timeouts * 100));
    }
    share(wrongOnes, "invalid", invalid);
    share(wrongOnes, "wrong", wrong);
    if ((p50 == null) != (p99 == null)) {
      wrongOnes.add("p50 and p99 go together, were " + p50 + " and " + p99);
    }
    if (p50 != null && p99 != null && !(p50.isPositive() && p50.compareTo(p99) < 0)) {
      wrongOnes.add("p50 must be above zero and below p99, were " + p50 + " and " + p99);
    }
    if (!wrongOnes.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", wrongOnes));
    }
  }

  private static void share(List<String> wrongOnes, String name, @Nullable Double share) {
    if (share != null && !(share >= 0 && share < 1)) {
      wrongOnes.add(name + " must be 0% to below 100%, was " + share * 100 + "%");
    }
  }
}
