package dev.sluice.bench;

import dev.sluice.stats.LatencyHistory;

/**
 * A batch of two arms: latencies in seconds, rising.
 *
 * @param candidate not empty
 * @param stable not empty
 */
@SuppressWarnings("ArrayRecordComponent") // lives within one look, never compared
record Latencies(double[] candidate, double[] stable) {
  long candidates() {
    return candidate.length;
  }

  double candidateQuantile(double level) {
    return LatencyHistory.quantile(candidate, level);
  }

  double stableQuantile(double level) {
    return LatencyHistory.quantile(stable, level);
  }
}
