package dev.sluice.intake.document;

import dev.sluice.gate.GateKinds;
import dev.sluice.gate.Parameters;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads {@code kind: QualityGate}. */
final class GateReader {
  static final Map<String, Mode> MODES = new LinkedHashMap<>();
  static final Map<String, Criticality> CRITICALITIES = new LinkedHashMap<>();

  static {
    MODES.put("enforce", Mode.ENFORCE);
    MODES.put("dry-run", Mode.DRY_RUN);
    CRITICALITIES.put("critical", Criticality.CRITICAL);
    CRITICALITIES.put("optional", Criticality.OPTIONAL);
  }

  static final int MOST_SAMPLES = 1_000_000_000;

  /** What every gate has; each other key belongs to its kind, which knows what it means. */
  static final Set<String> ENVELOPE =
      Set.of(
          "extends", "kind", "mode", "weight", "criticality", "minimum", "deadline", "onDeadline");

  private GateReader() {}

  /**
   * @param parent the gate it extends; null where it extends none
   * @return null where something is wrong with it
   */
  static Document.@Nullable OfGate read(
      Head head, @Nullable QualityGate parent, Vocabulary vocabulary) {
    Fields spec = head.spec();
    Problems problems = head.problems();
    int before = problems.count();
    String kind = parent == null ? spec.text("kind") : spec.text("kind", parent.kind());
    if (parent != null && !kind.equals(parent.kind())) {
      spec.wrong(
          "kind",
          "must be %s as that of gate '%s' which it extends, was '%s'"
              .formatted(parent.kind(), parent.name(), kind));
      kind = "";
    }
    Mode mode = spec.word("mode", MODES, parent == null ? Mode.ENFORCE : parent.mode());
    double weight =
        parent == null || spec.has("weight")
            ? spec.share("weight", Share.NONE).fraction()
            : parent.weight();
    Terms terms = terms(spec, parent == null ? Terms.USUAL : parent.terms(), problems);
    Map<String, Object> parameters =
        merged(parent == null ? Map.of() : parent.parameters(), parameters(spec));
    if (!kind.isEmpty()) {
      ofKind(kind, parameters, spec, vocabulary, problems);
    }
    GateKinds.golden(parameters)
        .filter(name -> !vocabulary.goldenSets().contains(name))
        .ifPresent(name -> spec.wrong("golden", vocabulary.noGoldenSet(name)));
    if (!head.sound() || problems.count() > before) {
      return null;
    }
    QualityGate gate = new QualityGate(head.name(), kind, mode, weight, terms, parameters);
    told(vocabulary.unusable(gate), spec, problems);
    return problems.count() > before ? null : new Document.OfGate(gate, head.json());
  }

  private static void ofKind(
      String kind,
      Map<String, Object> parameters,
      Fields spec,
      Vocabulary vocabulary,
      Problems problems) {
    Set<String> kinds = vocabulary.kinds().words();
    if (!kinds.contains(kind)) {
      String near = Spelling.nearest(kind, kinds);
      spec.wrong(
          "kind",
          "must be one of %s, was '%s'%s"
              .formatted(
                  String.join(", ", kinds),
                  kind,
                  near == null ? "" : "; did you mean " + near + "?"));
      return;
    }
    Parameters read = vocabulary.kinds().read(kind, parameters);
    told(read.wrong(), spec, problems);
    for (Parameters.Unknown unknown : read.unknown()) {
      int dot = unknown.path().lastIndexOf('.');
      Set<String> known = new TreeSet<>(unknown.known());
      known.addAll(dot < 0 ? ENVELOPE : Set.of());
      spec.unknown(unknown.path(), unknown.path().substring(dot + 1), known);
    }
  }

  /** Problems with parameters, each where the deepest part of its path stands. */
  private static void told(List<Problem> found, Fields spec, Problems problems) {
    for (Problem problem : found) {
      String path = problem.path().isEmpty() ? "spec" : spec.path(problem.path());
      problems.add(path, spec.deepest(problem.path()), problem.message());
    }
  }

  /** The parent's parameters with the heir's in their place; of a mapping, key by key. */
  private static Map<String, Object> merged(Map<String, ?> parent, Map<String, ?> heir) {
    Map<String, Object> merged = new LinkedHashMap<>(parent);
    heir.forEach(
        (key, value) ->
            merged.put(
                key,
                merged.get(key) instanceof Map<?, ?> below && value instanceof Map<?, ?> own
                    ? merged(keyed(below), keyed(own))
                    : value));
    return merged;
  }

  /** A mapping that was read has texts for keys. */
  private static Map<String, Object> keyed(Map<?, ?> mapping) {
    Map<String, Object> keyed = new LinkedHashMap<>();
    mapping.forEach((key, value) -> keyed.put(String.valueOf(key), value));
    return keyed;
  }

  private static Terms terms(Fields spec, Terms parent, Problems problems) {
    int before = problems.count();
    Criticality criticality = spec.word("criticality", CRITICALITIES, parent.criticality());
    Fields least = spec.object("minimum");
    Minimum minimum =
        new Minimum(
            least.count("samples", 0, MOST_SAMPLES, (int) parent.minimum().samples()),
            least.duration("time", parent.minimum().time()));
    least.end();
    Duration deadline =
        spec.has("deadline") ? spec.span("deadline", Duration.ZERO) : parent.deadline();
    OnDeadline onDeadline =
        spec.has("onDeadline")
            ? spec.word("onDeadline", PipelineReader.ON_DEADLINE, OnDeadline.ROLLBACK)
            : parent.onDeadline();
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

  static boolean isUnsound(QualityGate gate) {
    return gate.kind().isEmpty();
  }
}
