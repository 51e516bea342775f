package dev.sluice.intake.rest;

import dev.sluice.model.EvidencePoint;
import dev.sluice.model.GateReport;
import dev.sluice.store.AuditTrail;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** All that the verdicts about a release rest on. */
@Schema(name = "Evidence", description = "All that the verdicts about a release rest on")
public record EvidenceView(
    @Schema(description = "What every gate said last, in every stage it spoke in")
        List<GateView> gates,
    @Schema(description = "The looks of all gates that are kept, oldest first")
        List<PointView> course,
    @Schema(description = "What was done to the release, each row bound to the one before it")
        List<LinkView> audit) {

  static EvidenceView of(
      List<GateReport> gates, List<EvidencePoint> course, List<AuditTrail.Link> audit) {
    return new EvidenceView(
        gates.stream().map(GateView::of).toList(),
        course.stream().map(PointView::of).toList(),
        audit.stream().map(LinkView::of).toList());
  }

  /** Where a gate's evidence stood at one look. */
  @Schema(name = "EvidencePoint")
  public record PointView(
      String gate,
      String stage,
      Instant at,
      String verdict,
      long samples,
      @Schema(description = "Natural log of the e-value towards failing")
          @Nullable Double logEvidenceFail,
      @Nullable Double logLimitFail,
      @Schema(description = "Natural log of the e-value towards passing")
          @Nullable Double logEvidencePass,
      @Nullable Double logLimitPass,
      Map<String, String> statistics,
      @Nullable EffectView effect) {
    static PointView of(EvidencePoint point) {
      GateReport.Progress fail = point.towardsFail();
      GateReport.Progress pass = point.towardsPass();
      return new PointView(
          point.gate(),
          point.stage(),
          point.at(),
          point.verdict(),
          point.samples(),
          fail == null ? null : GateView.finite(fail.logEvidence()),
          fail == null ? null : GateView.finite(fail.logLimit()),
          pass == null ? null : GateView.finite(pass.logEvidence()),
          pass == null ? null : GateView.finite(pass.logLimit()),
          point.statistics(),
          EffectView.of(point.effect()));
    }
  }

  /** A row of the audit log in its place in the chain. */
  @Schema(name = "AuditLink")
  public record LinkView(
      long sequence,
      Instant at,
      String actor,
      String action,
      String subject,
      String detail,
      @Schema(description = "Digest of the row before it") String previous,
      @Schema(description = "SHA-256 of previous followed by the row as a JSON array")
          String digest) {
    static LinkView of(AuditTrail.Link link) {
      AuditTrail.Entry entry = link.entry();
      return new LinkView(
          entry.sequence(),
          entry.at(),
          entry.actor(),
          entry.action(),
          entry.subject(),
          entry.detail(),
          link.previous(),
          link.digest());
    }
  }
}
