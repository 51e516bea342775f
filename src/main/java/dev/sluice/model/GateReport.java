package dev.sluice.model;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A gate's verdict with all that it rests on, readable by someone who wasn't there.
 *
 * @param gate the gate's name in the pipeline
 * @param kind the gate kind that spoke
 * @param stage the stage it spoke in
 * @param towardsFail how far the evidence has come towards failing; null for a gate without
 *     statistics, or whose evidence must not end a release by itself
 * @param towardsPass how far the evidence has come towards passing; null for a gate without
 *     statistics
 * @param samples candidate measurements it rests on, over the whole release
 * @param statistics what was counted and computed, by name with unit, in reading order
 * @param source where the measurements come from
 * @param onset when the evidence says a regression began; null where it says nothing
 * @param judgedTo every request begun before this has ended and was looked at; null for a gate that
 *     doesn't follow requests, or hasn't read any yet
 * @param effect by how much the candidate differs from stable, since this kind of comparison began;
 *     null for a gate that compares nothing, or has nothing yet
 */
public record GateReport(
    String gate,
    String kind,
    String stage,
    Verdict verdict,
    @Nullable Progress towardsFail,
    @Nullable Progress towardsPass,
    long samples,
    SequencedMap<String, String> statistics,
    String source,
    @Nullable Instant onset,
    Instant at,
    @Nullable Instant judgedTo,
    @Nullable Effect effect) {

  public GateReport {
    statistics = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(statistics));
  }

  /** Of a gate that doesn't follow requests. */
  public GateReport(
      String gate,
      String kind,
      String stage,
      Verdict verdict,
      @Nullable Progress towardsFail,
      @Nullable Progress towardsPass,
      long samples,
      SequencedMap<String, String> statistics,
      String source,
      @Nullable Instant onset,
      Instant at) {
    this(
        gate,
        kind,
        stage,
        verdict,
        towardsFail,
        towardsPass,
        samples,
        statistics,
        source,
        onset,
        at,
        null,
        null);
  }

  /** The same evidence with another verdict. */
  public GateReport saying(Verdict instead) {
    return new GateReport(
        gate,
        kind,
        stage,
        instead,
        towardsFail,
        towardsPass,
        samples,
        statistics,
        source,
        onset,
        at,
        judgedTo,
        effect);
  }

  /**
   * Evidence against its limit.
   *
   * @param logEvidence natural log of the e-value
   * @param logLimit natural log of the e-value that decides
   */
  public record Progress(double logEvidence, double logLimit) {
    /** 0 at no evidence, 1 at the limit or beyond. */
    public double ratio() {
      return Math.clamp(logEvidence / logLimit, 0.0, 1.0);
    }
  }
}
