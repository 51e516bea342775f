package dev.sluice.gate;

import dev.sluice.model.GateReport;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Problem;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Release;
import dev.sluice.model.Stage;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import dev.sluice.signal.Signals;
import dev.sluice.signal.metrics.MetricSignals;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One kind of check. A bean of this type is all it takes to add one. */
public interface GateKind {
  /** The word a gate file names it by. */
  String kind();

  /** What a gate of this kind asks of a candidate, in one sentence for someone who isn't there. */
  String question();

  /** The words of the stages it can speak in; a pipeline that asks it elsewhere is refused. */
  default Set<String> stages() {
    return Stage.WORDS;
  }

  /**
   * Whether it is asked before anything of the candidate is started, and again in its stage: what
   * does not pass it then is never started.
   */
  default boolean beforeStart() {
    return false;
  }

  /**
   * Whether it can only speak where stable answers beside the candidate: a canary that asks it must
   * end below 100%.
   */
  default boolean needsStable() {
    return false;
  }

  /**
   * Reads every parameter there is, as each look does. What is wrong with them is collected there,
   * and what was asked makes the schema of the gate's file.
   */
  void read(Parameters parameters);

  /** Everything that is wrong with a gate's parameters; empty: fit for {@link #look}. */
  default List<Problem> check(Map<String, Object> parameters) {
    Parameters p = new Parameters(parameters);
    read(p);
    return p.problems();
  }

  /**
   * What is wrong with a gate where it is to be used, although it reads well: a source that isn't
   * set up, an expression that the Prometheus it is for refuses. A source that can't be asked now
   * is no problem: without it, nothing passes.
   */
  default List<Problem> submittable(QualityGate gate, MetricSignals metrics) {
    return List.of();
  }

  /**
   * Looks at the evidence there is. May be called at any time and any number of times; must use
   * each observation once, by the cursor it keeps in its state. An {@link Unavailable} that it lets
   * through becomes {@code inconclusive}.
   *
   * @param state what {@link Look#state} said at the look before, over all stages of the release;
   *     empty at the first
   */
  Look look(Context context, String state);

  /**
   * Whether all that it reads is in a release's recording, so that it can be asked about the past
   * as about the present: observations of the router, what was posted of them, memory that the
   * platform tells, what versions declare. Of other gates a recording has what they said.
   */
  default boolean canBeAskedAgain(QualityGate gate) {
    return false;
  }

  /** How it would fare on traffic that is expected; empty where its verdict rests on no chance. */
  default Optional<Forecast.Source> forecast(Forecast.Outlook outlook) {
    return Optional.empty();
  }

  /**
   * @param report with its verdict
   * @param state JSON text to be given to the next look
   */
  record Look(GateReport report, String state) {}

  /**
   * What a look is about.
   *
   * @param stage the stage the release is in
   * @param alongside every registered version but the candidate that must run during the release:
   *     stable, the pinned previous and the fallback versions
   * @param logFailLimit natural log of the e-value at which this gate alone rolls back: {@code ln(1
   *     / (alpha * weight))}
   * @param since when the present step's split was read back; null while it is still being applied
   */
  record Context(
      Release release,
      QualityGate gate,
      Stage stage,
      ModelService service,
      ModelVersion candidate,
      @Nullable ModelVersion stable,
      Map<VersionName, ModelVersion> fallbacks,
      List<ModelVersion> alongside,
      double logFailLimit,
      @Nullable Instant since,
      Signals signals,
      Instant now) {
    public Context {
      fallbacks = Map.copyOf(fallbacks);
      alongside = List.copyOf(alongside);
    }
  }
}
