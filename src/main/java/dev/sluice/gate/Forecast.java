package dev.sluice.gate;

import dev.sluice.model.ModelService;
import dev.sluice.model.Phase;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Release;
import java.util.SplittableRandom;

/**
 * One gate over one release that hasn't happened: it draws what it would read, by the same tests,
 * stakes and limits as the gate itself. One instance lives through one release.
 */
public interface Forecast {
  /** Of a gate that never decides: what it would read isn't there. */
  Source NEVER =
      random ->
          new Forecast() {
            @Override
            public void enter(Phase.Point at) {
              // all points are alike to it
            }

            @Override
            public void see(long candidate, long stable, double seconds) {
              // nothing of it tells
            }

            @Override
            public double logFail() {
              return Double.NEGATIVE_INFINITY;
            }

            @Override
            public double logPass() {
              return Double.NEGATIVE_INFINITY;
            }

            @Override
            public double passLimit() {
              return 0;
            }
          };

  /** The release comes to a point. Before {@link #see}; towards passing it may begin anew. */
  void enter(Phase.Point at);

  /**
   * So many requests more reached the versions since the last look.
   *
   * @param candidate requests of users or, in shadow, pairs
   * @param stable requests of users; of no meaning in shadow
   * @param seconds in which they did
   */
  void see(long candidate, long stable, double seconds);

  /** How many times as long as stable's whole answers it takes the candidate's to take. */
  default double slowdown() {
    return 1;
  }

  /** Natural log of the e-value towards failing. */
  double logFail();

  /** Natural log of the least e-value towards passing in the present stage. */
  double logPass();

  /** The {@link #logPass} at which it passes. */
  double passLimit();

  /**
   * Draws forecasts, each of its own random numbers; what they have in common is worked out once.
   */
  interface Source {
    Forecast draw(SplittableRandom random);
  }

  /**
   * What a forecast is about.
   *
   * @param release as it was submitted; its phase is of no meaning
   * @param gate one of its gates
   * @param worse what the candidate does worse in the sense of this gate, as a factor: the times it
   *     takes, or its rate of errors, timeouts, invalid or wrong answers, are this many times
   *     stable's; 1 where it is as good
   */
  record Outlook(
      Release release,
      QualityGate gate,
      ModelService service,
      ExpectedTraffic traffic,
      double worse) {
    public Outlook {
      if (!(worse > 0 && worse < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("worse must be a positive factor, was " + worse);
      }
    }
  }
}
