package dev.sluice.workload;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What one probe in depth of one server found.
 *
 * @param proven whether a real inference was answered rightly by the right version
 * @param inferences how many inferences were answered in it
 * @param checks everything that was looked at, in order
 * @param at when the probe began
 * @param took how long it took as a whole
 */
public record ProbeResult(
    boolean proven, int inferences, List<Check> checks, Instant at, Duration took) {
  public ProbeResult {
    checks = List.copyOf(checks);
    if (checks.isEmpty()) {
      throw new IllegalArgumentException("a probe must have checked something, had no checks");
    }
  }

  /** Whether every check passed: what a replica needs to become ready. */
  public boolean ok() {
    return checks.stream().allMatch(Check::ok);
  }

  /** Whether something failed that takes a replica out of service which was ready before. */
  public boolean failed() {
    return checks.stream().anyMatch(check -> check.vital() && !check.ok());
  }

  /** One phrase for people: the failed checks, or {@code all checks passed}. */
  public String summary() {
    return ok()
        ? "all checks passed"
        : checks.stream()
            .filter(check -> !check.ok())
            .map(check -> check.name() + ": " + check.detail())
            .collect(Collectors.joining("; "));
  }

  ProbeResult and(List<Check> more) {
    List<Check> all = new ArrayList<>(checks);
    all.addAll(more);
    return new ProbeResult(proven, inferences, all, at, took);
  }

  /**
   * One thing looked at.
   *
   * @param vital whether its failure takes a serving replica out of service. What only load causes
   *     (a full queue, scarce memory, an answer of 429) is not vital: withdrawing a busy replica
   *     would put its load on the others. It does hold back a replica that isn't serving yet
   * @param detail what was seen, for people
   */
  public record Check(String name, boolean vital, boolean ok, String detail) {}
}
