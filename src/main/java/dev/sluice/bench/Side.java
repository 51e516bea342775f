package dev.sluice.bench;

import dev.sluice.stats.EProcess;
import dev.sluice.stats.Kernel;
import dev.sluice.stats.Prior;

/** One side of one gate: its kernel's weights and the evidence so far. */
final class Side {
  private final Prior prior;
  private EProcess process;

  Side(Kernel kernel) {
    this.prior = kernel.prior();
    this.process = EProcess.empty(kernel);
  }

  void step(double restartWeight, double[] logIncrements) {
    process = process.step(restartWeight, logIncrements);
  }

  double logE() {
    return process.logE(prior);
  }
}
