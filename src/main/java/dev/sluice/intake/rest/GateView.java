package dev.sluice.intake.rest;

import dev.sluice.model.GateReport;
import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What a gate said, and all that it rests on. */
@Schema(name = "GateReport", description = "What a gate said, and all that it rests on")
public record GateView(
    String gate,
    String kind,
    String stage,
    @Schema(description = "pass, fail, undecided or inconclusive") String verdict,
    String why,
    @Schema(description = "How far the evidence has come towards failing, 0..1")
        @Nullable Double towardsFail,
    @Schema(description = "How far the evidence has come towards passing, 0..1")
        @Nullable Double towardsPass,
    @Schema(description = "Natural log of the e-value; null where there is none or it is infinite")
        @Nullable Double logEvidenceFail,
    @Nullable Double logLimitFail,
    @Nullable Double logEvidencePass,
    @Nullable Double logLimitPass,
    long samples,
    Map<String, String> statistics,
    String source,
    @Nullable Instant onset,
    Instant at,
    @Nullable EffectView effect) {

  static GateView of(GateReport report) {
    GateReport.Progress fail = report.towardsFail();
    GateReport.Progress pass = report.towardsPass();
    return new GateView(
        report.gate(),
        report.kind(),
        report.stage(),
        report.verdict().word(),
        report.verdict().why(),
        fail == null ? null : finite(fail.ratio()),
        pass == null ? null : finite(pass.ratio()),
        fail == null ? null : finite(fail.logEvidence()),
        fail == null ? null : finite(fail.logLimit()),
        pass == null ? null : finite(pass.logEvidence()),
        pass == null ? null : finite(pass.logLimit()),
        report.samples(),
        report.statistics(),
        report.source(),
        report.onset(),
        report.at(),
        EffectView.of(report.effect()));
  }

  /** JSON has no infinity. */
  static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
