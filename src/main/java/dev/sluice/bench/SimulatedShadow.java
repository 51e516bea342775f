package dev.sluice.bench;

import dev.sluice.stats.PairedKernel;
import dev.sluice.stats.SymmetricKernel;
import java.util.List;
import java.util.SplittableRandom;

/** The gates of a shadow over one history in which candidate and stable are alike. */
final class SimulatedShadow {
  /** In the order of {@link #look}. */
  static final List<String> GATES = List.of("errors", "latency", "quality");

  private final SplittableRandom random;
  private final PairedKernel errorKernel = PairedKernel.failEvents(0);
  private final PairedKernel qualityKernel = PairedKernel.fail(0);
  private final SymmetricKernel latencyKernel = SymmetricKernel.fail();
  private final double scale;
  private final Side errors = new Side(errorKernel);
  private final Side latency = new Side(latencyKernel);
  private final Side quality = new Side(qualityKernel);

  SimulatedShadow(SplittableRandom random) {
    this.random = random;
    scale = SymmetricKernel.scale(Draws.normals(random, 100, 0, Draws.PAIR_DEVIATION), 1e-6);
  }

  /**
   * One look.
   *
   * @param restart stake that starts with it
   * @param errorRate of both; half of it they share
   * @return log e-values of {@link #GATES}
   */
  double[] look(double restart, int pairs, double errorRate) {
    errors.step(
        restart,
        errorKernel.logIncrements(Draws.pairs(random, pairs, errorRate / 2, errorRate / 2)));
    latency.step(
        restart,
        latencyKernel.logIncrements(Draws.normals(random, pairs, 0, Draws.PAIR_DEVIATION / scale)));
    quality.step(
        restart,
        qualityKernel.logIncrements(Draws.normals(random, pairs, 0, Draws.SCORE_DEVIATION)));
    return new double[] {errors.logE(), latency.logE(), quality.logE()};
  }
}
