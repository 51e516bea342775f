package dev.sluice.plan;

import dev.sluice.gate.ExpectedTraffic;
import java.util.List;

/**
 * The traffic that a plan is made for.
 *
 * @param perSecond requests of users
 * @param answers what stable's answers are like
 * @param basis where each number comes from, a sentence each
 */
public record Traffic(double perSecond, ExpectedTraffic answers, List<String> basis) {
  public Traffic {
    if (!(perSecond > 0 && perSecond < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("requests a second must be above 0, was " + perSecond);
    }
    basis = List.copyOf(basis);
  }
}
