package dev.sluice.bench;

import dev.sluice.stats.Kernel;
import dev.sluice.stats.Merge;
import dev.sluice.stats.RestartPlan;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;

/**
 * Sluice's own judgement of one kernel: it decides when the e-value of its e-process reaches one
 * over alpha.
 */
final class Evidence<B> implements Judge<B> {
  /** The name of Sluice's kernel in a scenario, at its defaults. */
  static final String SLUICE = "sluice";

  /** The false-rollback bound of every judge that has one. */
  static final double ALPHA = .01;

  /** The false-pass bound. */
  static final double BETA = .05;

  static final double LIMIT = Merge.limit(ALPHA);

  private final Side side;
  private final Function<B, double[]> increments;
  private final IntToDoubleFunction restarts;
  private final double limit;
  private int looks;

  private Evidence(
      Kernel kernel, Function<B, double[]> increments, IntToDoubleFunction restarts, double limit) {
    this.side = new Side(kernel);
    this.increments = increments;
    this.restarts = restarts;
    this.limit = limit;
  }

  /**
   * A plan of one stage: the whole stake starts with the first batch. In a plan of several only
   * 0.70 does, and detection then costs 5 to 7 % more requests.
   */
  static <B> Evidence<B> oneStage(Kernel kernel, Function<B, double[]> increments) {
    return new Evidence<>(kernel, increments, look -> look == 0 ? 1 : 0, LIMIT);
  }

  /** A plan of several stages of equal length; stake starts with each. */
  static <B> Evidence<B> staged(
      Kernel kernel, Function<B, double[]> increments, int stages, int looksPerStage) {
    return new Evidence<>(kernel, increments, restart(stages, looksPerStage), LIMIT);
  }

  /** Towards passing, one stage. */
  static <B> Evidence<B> towardsPass(Kernel kernel, Function<B, double[]> increments) {
    return new Evidence<>(kernel, increments, look -> look == 0 ? 1 : 0, Merge.limit(BETA));
  }

  /** The stake that starts at each look of such a plan. */
  static IntToDoubleFunction restart(int stages, int looksPerStage) {
    return look -> look % looksPerStage == 0 ? RestartPlan.weight(look / looksPerStage, stages) : 0;
  }

  @Override
  public boolean decides(B batch) {
    side.step(restarts.applyAsDouble(looks++), increments.apply(batch));
    return side.logE() >= limit;
  }
}
