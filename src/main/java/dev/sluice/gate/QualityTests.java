package dev.sluice.gate;

import dev.sluice.stats.PairCounts;
import dev.sluice.stats.PairedKernel;
import dev.sluice.stats.Prior;
import java.util.List;

/** The tests of {@link PairedQualityGate}: pure, from counts to log increments. */
final class QualityTests {
  static final Prior FAIL = PairedKernel.fail(0).prior();
  static final List<Prior> PASS = List.of(PairedKernel.pass(0).prior());

  private final PairedKernel fail;
  private final PairedKernel pass;

  /**
   * @param tolerance so many right answers fewer are no regression
   * @param margin it passes once it is shown to lose fewer than this
   */
  QualityTests(double tolerance, double margin) {
    this.fail = PairedKernel.fail(tolerance);
    this.pass = PairedKernel.pass(margin);
  }

  Increments paired(PairCounts labelled) {
    return new Increments(fail.logIncrements(labelled), List.of(pass.logIncrements(labelled)));
  }
}
