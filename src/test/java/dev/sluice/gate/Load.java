package dev.sluice.gate;

import dev.sluice.model.Outcome;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntFunction;

/** Seeded traffic of a service whose answers take 8 ms in the middle, log-normally spread. */
final class Load {
  static final double BASE = .008;
  static final double SIGMA = .25;
  private static final Duration TICK = Duration.ofSeconds(1);

  final Random random;
  final Scene scene;
  double slow = 1;

  /** How often each version by itself gives another answer than most of the time. */
  double whim;

  Load(Scene scene, long seed) {
    this.scene = scene;
    this.random = new Random(seed);
    scene.signals.history = history(2_000);
  }

  double[] history(int size) {
    double[] sample = new double[size];
    for (int i = 0; i < size; i++) {
      sample[i] = latency(1);
    }
    Arrays.sort(sample);
    return sample;
  }

  double latency(double factor) {
    return BASE * factor * Math.exp(SIGMA * random.nextGaussian());
  }

  private String answer() {
    return whim > 0 && random.nextDouble() < whim ? "1" : "7";
  }

  Outcome drawn(double rate, Outcome bad) {
    return random.nextDouble() < rate ? bad : Outcome.OK;
  }

  /**
   * What each version by itself does to all its answers of a moment: standard deviation of their
   * log-latency.
   */
  double stalls;

  /** How long a moment is: so many tenths of a second. */
  int stallTenths = 1;

  /** So many pairs within the next second, evenly spaced. */
  void pairs(int count, IntFunction<Outcome> stable, IntFunction<Outcome> candidate) {
    scene.pass(TICK);
    double[] ofStable = moments();
    double[] ofCandidate = moments();
    for (int i = 0; i < count; i++) {
      int moment = 10 * i / count;
      scene.signals.pair(
          scene.now.minus(TICK).plusMillis(999L * i / count),
          FakeSignals.leg(stable.apply(i), latency(ofStable[moment]), answer()),
          FakeSignals.leg(candidate.apply(i), latency(slow * ofCandidate[moment]), answer()));
    }
  }

  private double[] moments() {
    double[] tenths = new double[10];
    for (int i = 0; i < tenths.length; i++) {
      tenths[i] = i % stallTenths == 0 ? Math.exp(stalls * random.nextGaussian()) : tenths[i - 1];
    }
    return tenths;
  }

  /** So many requests of users within the next second, drawn by weight. */
  void exchanges(int count, double weight, double stableRate, double candidateRate, Outcome bad) {
    scene.pass(TICK);
    for (int i = 0; i < count; i++) {
      boolean toCandidate = random.nextDouble() < weight;
      scene.signals.exchange(
          toCandidate ? Scene.CANDIDATE : Scene.STABLE,
          scene.now.minusMillis(1),
          drawn(toCandidate ? candidateRate : stableRate, bad),
          latency(toCandidate ? slow : 1),
          false);
    }
  }
}
