package dev.sluice.gate;

import dev.sluice.stats.BoundedKernel;
import dev.sluice.stats.EventCounts;
import dev.sluice.stats.Kernel;
import dev.sluice.stats.PairCounts;
import dev.sluice.stats.PairedKernel;
import dev.sluice.stats.Prior;
import java.util.List;
import java.util.Map;

/** The tests of {@link AnswerQualityGate}: pure, from scores to log increments. */
final class QualityTests {
  /** Weights of the test towards failing, by segment. */
  static final Map<Segment, Prior> FAIL =
      Map.of(
          Segment.SHADOW,
          PairedKernel.fail(0).prior(),
          Segment.SPLIT,
          BoundedKernel.fail(0).prior());

  private static final Prior PASS_PAIRED = PairedKernel.pass(0).prior();
  private static final Prior PASS_SPLIT = BoundedKernel.pass(0).prior();

  private final double dispersion;
  private final PairedKernel pairedFail;
  private final PairedKernel pairedPass;
  private final BoundedKernel splitFail;
  private final BoundedKernel splitPass;

  /**
   * @param tolerance a mean score lower by so much is no regression
   * @param margin it passes once its mean score is shown to be lower by less than this
   * @param dispersion the evidence towards failing of two arms is divided by it
   */
  QualityTests(double tolerance, double margin, double dispersion) {
    this.dispersion = dispersion;
    this.pairedFail = PairedKernel.fail(tolerance);
    this.pairedPass = PairedKernel.pass(margin);
    this.splitFail = BoundedKernel.fail(tolerance);
    this.splitPass = BoundedKernel.pass(margin);
  }

  /** Weights of the test towards passing; none where the candidate stands alone. */
  static List<Prior> pass(Segment in) {
    return switch (in) {
      case SHADOW -> List.of(PASS_PAIRED);
      case SPLIT -> List.of(PASS_SPLIT);
      case ALONE -> List.of();
    };
  }

  /** The same requests, each answer right or wrong. */
  Increments paired(PairCounts labelled) {
    return new Increments(
        pairedFail.logIncrements(labelled), List.of(pairedPass.logIncrements(labelled)));
  }

  /**
   * Different requests in the same time.
   *
   * @param centre how far answers of both versions were from right on average so far, 0..1, from
   *     earlier batches only
   * @param candidate 1 - score of each answer
   * @param stable 1 - score of each answer
   */
  Increments split(double centre, double[] candidate, double[] stable) {
    return split(
        splitFail.logIncrements(centre, candidate, stable),
        splitPass.logIncrements(centre, candidate, stable));
  }

  /** The same where answers are right or wrong; an event is a wrong one. */
  Increments split(double centre, EventCounts candidate, EventCounts stable) {
    return split(
        splitFail.logIncrements(centre, candidate, stable),
        splitPass.logIncrements(centre, candidate, stable));
  }

  private Increments split(double[] fail, double[] pass) {
    return new Increments(Kernel.tempered(fail, dispersion), List.of(pass));
  }
}
