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
   * @param stablesPerSecond answers of stable that gates wait for
   * @param slower how many times as long the candidate's answers take
   * @param timeout of the service, seconds: so long those take that time out
   */
  double lagSeconds(
      double stablesPerSecond, double candidatesPerSecond, double slower, double timeout) {
    double[] latencies = answers.times().getOrDefault(Timing.WHOLE, new double[0]);
    double longest = latencies.length == 0 ? 0 : latencies[latencies.length - 1];
    double low = 0;
    double high = timeout + longest * Math.max(1, slower);
    for (int halving = 0; halving < 40; halving++) {
      double age = (low + high) / 2;
      double older =
          stablesPerSecond * beyond(latencies, 1, timeout, age)
              + candidatesPerSecond * beyond(latencies, slower, timeout, age);
      if (older > Math.log(2)) {
        low = age;
      } else {
        high = age;
      }
    }
    return high + .5;
  }

  /** For how long, on average, an answer is under way beyond an age. */
  private double beyond(double[] latencies, double slower, double timeout, double age) {
    double late = answers.timeoutRate();
    double inTime =
        Arrays.stream(latencies).map(l -> Math.max(0, l * slower - age)).average().orElse(0);
    return (1 - late) * inTime + late * Math.max(0, timeout - age);
  }
}
