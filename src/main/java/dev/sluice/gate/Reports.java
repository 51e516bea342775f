package dev.sluice.gate;

import dev.sluice.model.GateReport;
import dev.sluice.model.Verdict;
import java.util.SequencedMap;

/** Reports of gates without statistics: what was looked at, and the verdict. */
final class Reports {
  private Reports() {}

  static GateReport plain(
      GateKind.Context context,
      String kind,
      Verdict verdict,
      long samples,
      SequencedMap<String, String> statistics,
      String source) {
    return new GateReport(
        context.gate().name(),
        kind,
        context.stage().word(),
        verdict,
        null,
        null,
        samples,
        statistics,
        source,
        null,
        context.now());
  }
}
