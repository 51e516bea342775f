package dev.sluice.stats;

/** One side of one gate in a simulation: its kernel and the evidence so far. */
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
