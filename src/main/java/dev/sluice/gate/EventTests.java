package dev.sluice.gate;

import dev.sluice.stats.BoundedKernel;
import dev.sluice.stats.EventCounts;
import dev.sluice.stats.EventKernel;
import dev.sluice.stats.Kernel;
import dev.sluice.stats.PairCounts;
import dev.sluice.stats.PairedKernel;
import dev.sluice.stats.Prior;
import java.util.List;
import java.util.Map;

/** The tests of an {@link EventRateGate}: pure, from counts to log increments. */
final class EventTests {
  private static final PairedKernel PAIRED = PairedKernel.failEvents(0);
  private static final EventKernel SPLIT = EventKernel.fail(1);

  /** Of the test towards failing where users are split. */
  static final Prior FAIL_SPLIT = SPLIT.prior();

  private static final Prior ALONE = PairedKernel.oneSampleFail(.5).prior();
  private static final Prior PASS_PAIRED = PairedKernel.passEvents(0).prior();
  private static final Prior PASS_SPLIT =
      Halves.of(EventKernel.pass(2).prior(), BoundedKernel.passEvents(0).prior());
  private static final Prior PASS_ALONE = PairedKernel.oneSamplePass(.5).prior();

  private final double absolute;
  private final double dispersion;
  private final PairedKernel pairedPass;
  private final EventKernel ratioPass;
  private final BoundedKernel absolutePass;

  /**
   * @param ratio the candidate's rate is tolerated up to this many times stable's
   * @param absolute or up to this much above it
   * @param dispersion the evidence towards failing is divided by it
   */
  EventTests(double ratio, double absolute, double dispersion) {
    this.absolute = absolute;
    this.dispersion = dispersion;
    this.pairedPass = PairedKernel.passEvents(absolute);
    this.ratioPass = EventKernel.pass(ratio);
    this.absolutePass = BoundedKernel.passEvents(absolute);
  }

  /**
   * Weights of the test towards failing, by segment.
   *
   * @param pairs whether shadow tells pairs, or two versions in the same time
   */
  static Map<Segment, Prior> fail(boolean pairs) {
    return Map.of(
        Segment.SHADOW,
        pairs ? PAIRED.prior() : SPLIT.prior(),
        Segment.SPLIT,
        SPLIT.prior(),
        Segment.ALONE,
        ALONE);
  }

  /** Weights of the test towards passing. */
  static List<Prior> pass(Segment in, boolean pairs) {
    return List.of(
        switch (in) {
          case SHADOW -> pairs ? PASS_PAIRED : PASS_SPLIT;
          case SPLIT -> PASS_SPLIT;
          case ALONE -> PASS_ALONE;
        });
  }

  double[] pairedFail(PairCounts pairs) {
    return tempered(PAIRED.logIncrements(pairs));
  }

  /** Of a stretch of pairs that counts once, as bad as this for the candidate: -1..1. */
  double[] pairedFail(double difference) {
    return tempered(PAIRED.logIncrements(new double[] {difference}));
  }

  List<double[]> pairedPass(PairCounts pairs) {
    return List.of(pairedPass.logIncrements(pairs));
  }

  /** Of requests, or of stretches by their scores. */
  double[] splitFail(EventCounts candidate, EventCounts stable) {
    return tempered(SPLIT.logIncrements(candidate, stable));
  }

  /**
   * @param centre rate of both versions so far, from earlier batches only
   */
  List<double[]> splitPass(double centre, EventCounts candidate, EventCounts stable) {
    return List.of(
        Halves.of(
            ratioPass.logIncrements(candidate, stable),
            absolutePass.logIncrements(centre, candidate, stable)));
  }

  /**
   * @param objective rate that the candidate alone is held to
   */
  double[] aloneFail(double objective, EventCounts candidate) {
    return tempered(
        PairedKernel.oneSampleFail(objective).logIncrements(PairCounts.ofOneArm(candidate)));
  }

  /** Of stretches, by their shares of bad requests. */
  double[] aloneFail(double objective, double[] shares) {
    return tempered(PairedKernel.oneSampleFail(objective).logIncrements(shares));
  }

  List<double[]> alonePass(double objective, EventCounts candidate) {
    return List.of(
        PairedKernel.oneSamplePass(objective + absolute)
            .logIncrements(PairCounts.ofOneArm(candidate)));
  }

  private double[] tempered(double[] logIncrements) {
    return Kernel.tempered(logIncrements, dispersion);
  }
}
