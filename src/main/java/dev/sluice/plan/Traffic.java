package dev.sluice.plan;

import dev.sluice.gate.ExpectedTraffic;
import dev.sluice.model.Timing;
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
   * How far gates are behind the traffic, in seconds: they use whole seconds in which every answer
   * has ended. The oldest under way is the median one of a queue with Poisson arrivals and as many
   * servers as it needs: its age {@code x} solves {@code rate * E (L - x)+ = ln 2}, for those older
   * than {@code x} are Poisson distributed with that mean. To the whole second it is half a second
   * more.
   *
   * @param answersPerSecond that gates wait for
   * @param timeout of the service, seconds: so long those take that time out
   */
  double lagSeconds(double answersPerSecond, double timeout) {
    double[] latencies = answers.times().getOrDefault(Timing.WHOLE, new double[0]);
    double late = answers.timeoutRate();
    double low = 0;
    double high = timeout + (latencies.length == 0 ? 0 : latencies[latencies.length - 1]);
    for (int halving = 0; halving < 40; halving++) {
      double age = (low + high) / 2;
      double inTime = Arrays.stream(latencies).map(l -> Math.max(0, l - age)).average().orElse(0);
      double older = (1 - late) * inTime + late * Math.max(0, timeout - age);
      if (answersPerSecond * older > Math.log(2)) {
        low = age;
      } else {
        high = age;
      }
    }
    return high + .5;
  }
}
