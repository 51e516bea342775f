package dev.sluice.intake.document;

import dev.sluice.model.Pipeline.OnDeadline;
import dev.sluice.model.Problem;
import dev.sluice.model.QualityGate;
import dev.sluice.model.QualityGate.Criticality;
import dev.sluice.model.QualityGate.Minimum;
import dev.sluice.model.QualityGate.Mode;
import dev.sluice.model.QualityGate.Terms;
import dev.sluice.model.Share;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code kind: QualityGate}. */
final class GateReader {
  private static final Map<String, Mode> MODES = new LinkedHashMap<>();
  private static final Map<String, Criticality> CRITICALITIES = new LinkedHashMap<>();

  static {
    MODES.put("enforce", Mode.ENFORCE);
    MODES.put("dry-run", Mode.DRY_RUN);
    CRITICALITIES.put("critical", Criticality.CRITICAL);
    CRITICALITIES.put("optional", Criticality.OPTIONAL);
  }

  /** What every gate has; each other key belongs to its kind, which knows what it means. */
  private static final Set<String> ENVELOPE =
      Set.of("kind", "mode", "weight", "criticality", "minimum", "deadline", "onDeadline");

  private GateReader() {}

  static Document.@Nullable OfGate read(
      String name, Fields spec, String json, Vocabulary vocabulary, Problems problems) {
    int before = problems.count();
    String kind = spec.text("kind");
    Mode mode = spec.word("mode", MODES, Mode.ENFORCE);
    Share weight = spec.share("weight", Share.NONE);
    Terms terms = terms(spec, problems);
    Map<String, Object> parameters = parameters(spec);
    if (!kind.isEmpty()) {
      for (Problem problem : vocabulary.kinds().check(kind, parameters)) {
        String path = problem.path().isEmpty() ? "spec" : spec.path(problem.path());
        problems.add(path, spec.deepest(problem.path()), problem.message());
      }
    }
    return problems.count() > before
        ? null
        : new Document.OfGate(
            new QualityGate(name, kind, mode, weight.fraction(), terms, parameters), json);
  }

  private static Terms terms(Fields spec, Problems problems) {
    int before = problems.count();
    Criticality criticality = spec.word("criticality", CRITICALITIES, Criticality.CRITICAL);
    Fields least = spec.object("minimum");
    Minimum minimum =
        new Minimum(
            least.count("samples", 0, 1_000_000_000, 0), least.duration("time", Duration.ZERO));
    least.end();
    Duration deadline = spec.has("deadline") ? spec.span("deadline", Duration.ZERO) : null;
    OnDeadline onDeadline =
        spec.has("onDeadline")
            ? spec.word("onDeadline", PipelineReader.ON_DEADLINE, OnDeadline.ROLLBACK)
            : null;
    if (problems.count() == before && deadline != null && deadline.compareTo(minimum.time()) <= 0) {
      spec.wrong(
          "deadline",
          "must be above minimum.time of %s, was %s"
              .formatted(Units.text(minimum.time()), Units.text(deadline)));
    }
    return problems.count() > before
        ? Terms.USUAL
        : new Terms(criticality, minimum, deadline, onDeadline);
  }

  private static Map<String, Object> parameters(Fields spec) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    for (Node.Entry entry : spec.entries()) {
      if (!ENVELOPE.contains(entry.key())) {
        Object value = Json.value(entry.value());
        if (value == null) {
          spec.wrong(entry.key(), "must not be null: leave it out");
        } else {
          parameters.put(entry.key(), value);
        }
      }
    }
    return parameters;
  }

  /** Stands for a gate that could not be read, so that pipelines don't call it unknown as well. */
  static QualityGate unsound(String name) {
    return new QualityGate(name, "", Mode.ENFORCE, 0, Map.of());
  }
}
