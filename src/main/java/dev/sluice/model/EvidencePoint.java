package dev.sluice.model;

import dev.sluice.model.GateReport.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * One kept look of a gate: where its evidence stood then. The points of a gate, in order, are the
 * course its evidence took over the release; what it said in words is in its {@link GateReport}.
 *
 * @param verdict its word
 * @param samples candidate measurements it rested on, over the whole release
 * @param towardsFail null for a gate without statistics
 * @param towardsPass null for a gate without statistics
 * @param statistics what was counted and computed, as in {@link GateReport}
 * @param effect by how much the candidate differs from stable; null where nothing is compared
 */
public record EvidencePoint(
    String gate,
    String stage,
    Instant at,
    String verdict,
    long samples,
    @Nullable Progress towardsFail,
    @Nullable Progress towardsPass,
    SequencedMap<String, String> statistics,
    @Nullable Effect effect) {

  /** So much more data, as a ratio, makes a look worth keeping. */
  private static final double MORE_SAMPLES = 1.1;

  /** So much more evidence, in units of the natural logarithm of an e-value, does too. */
  private static final double MORE_EVIDENCE = 0.25;

  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(5);

  public EvidencePoint {
    statistics = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(statistics));
  }

  /** Where the evidence stood when the gate said that. */
  public static EvidencePoint of(GateReport report) {
    return new EvidencePoint(
        report.gate(),
        report.stage(),
        report.at(),
        report.verdict().word(),
        report.samples(),
        report.towardsFail(),
        report.towardsPass(),
        report.statistics(),
        report.effect());
  }

  /** Whether the gate changed its mind, or began another stage, since the point before. */
  public boolean turns(@Nullable EvidencePoint before) {
    return before == null || !before.stage.equals(stage) || !before.verdict.equals(verdict);
  }

  /**
   * Whether the point tells something that the last kept one doesn't: looks come many times a
   * second, and a course that grows with the logarithm of the data stays readable.
   */
  public boolean worthKeeping(@Nullable EvidencePoint last) {
    return last == null
        || turns(last)
        || samples > last.samples * MORE_SAMPLES
        || moved(last.towardsFail, towardsFail)
        || moved(last.towardsPass, towardsPass)
        || Duration.between(last.at, at).compareTo(LONGEST_SILENCE) >= 0;
  }

  private static boolean moved(@Nullable Progress before, @Nullable Progress after) {
    return before != null
        && after != null
        && Math.abs(after.logEvidence() - before.logEvidence()) >= MORE_EVIDENCE;
  }
}
