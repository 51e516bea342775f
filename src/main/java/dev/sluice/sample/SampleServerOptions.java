package dev.sluice.sample;

import java.time.Duration;
import java.util.List;

/**
 * Everything a server is told at start-up.
 *
 * @param model what is served; the {@code schema} fault among {@code faults} reshapes it
 * @param port 0 for a free one
 * @param serviceTime median of the simulated device time; 0 for none
 * @param serviceTimeSigma standard deviation of its logarithm
 * @param concurrency slots that work at once
 * @param queue how many requests may wait
 * @param startupDelay how long the server says it is loading
 * @param drain how long requests under way may take when the server is stopped
 * @param seed of this server's own noise and dice
 */
record SampleServerOptions(
    ServedModel model,
    String host,
    int port,
    Duration serviceTime,
    double serviceTimeSigma,
    int concurrency,
    int queue,
    Duration startupDelay,
    Duration drain,
    List<Fault> faults,
    long seed) {
  SampleServerOptions {
    faults = List.copyOf(faults);
  }
}
