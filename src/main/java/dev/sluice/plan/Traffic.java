package dev.sluice.plan;

import dev.sluice.gate.ExpectedTraffic;
import java.util.Arrays;
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

  /**
   * How far gates are behind the traffic, in seconds: they use whole seconds in which every request
   * has ended. The oldest request under way is the median one of a queue with Poisson arrivals and
   * as many servers as it needs: its age {@code x} solves {@code rate * E (L - x)+ = ln 2}, for the
   * requests older than {@code x} are Poisson distributed with that mean. To the whole second it is
   * half a second more.
   */
  double lagSeconds() {
    double[] latencies = answers.latencies();
    double low = 0;
    double high = latencies.length == 0 ? 0 : latencies[latencies.length - 1];
    for (int halving = 0; halving < 40; halving++) {
      double age = (low + high) / 2;
      double older =
          perSecond * Arrays.stream(latencies).map(l -> Math.max(0, l - age)).average().orElse(0);
      if (older > Math.log(2)) {
        low = age;
      } else {
        high = age;
      }
    }
    return high + .5;
  }
}
