package dev.sluice.control;

import dev.sluice.gate.Forecast;
import dev.sluice.gate.GateKind;
import dev.sluice.gate.Parameters;
import dev.sluice.model.GateReport;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Unavailable;
import dev.sluice.model.Verdict;
import dev.sluice.recording.Look.Said;
import dev.sluice.recording.Tape;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Set;

/**
 * A gate kind whose sources may not be in a recording. A gate of it that can be asked again is;
 * another says what it said in the live release.
 */
final class AsRecorded implements GateKind {
  private final GateKind kind;
  private final Tape tape;

  AsRecorded(GateKind kind, Tape tape) {
    this.kind = kind;
    this.tape = tape;
  }

  @Override
  public String kind() {
    return kind.kind();
  }

  @Override
  public String question() {
    return kind.question();
  }

  @Override
  public Set<String> stages() {
    return kind.stages();
  }

  @Override
  public boolean beforeStart() {
    return kind.beforeStart();
  }

  @Override
  public boolean needsStable() {
    return kind.needsStable();
  }

  @Override
  public void read(Parameters parameters) {
    kind.read(parameters);
  }

  @Override
  public boolean canBeAskedAgain(QualityGate gate) {
    return kind.canBeAskedAgain(gate);
  }

  @Override
  public Optional<Forecast.Source> forecast(Forecast.Outlook outlook) {
    return kind.forecast(outlook);
  }

  @Override
  public Look look(Context context, String state) {
    if (kind.canBeAskedAgain(context.gate())) {
      return kind.look(context, state);
    }
    Said said = tape.said(context.gate().name());
    if (said == null) {
      throw new Unavailable("it had said nothing by then");
    }
    return new Look(
        new GateReport(
            context.gate().name(),
            kind(),
            context.stage().word(),
            Verdict.of(said.verdict(), said.why()),
            null,
            null,
            said.samples(),
            new LinkedHashMap<>(),
            "what it said in the live release",
            null,
            context.now()),
        state);
  }
}
