package dev.sluice.intake.document;

import dev.sluice.model.Problem;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Share;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code kind: QualityGate}. */
final class GateReader {
  private static final Map<String, QualityGate.Mode> MODES = new LinkedHashMap<>();

  static {
    MODES.put("enforce", QualityGate.Mode.ENFORCE);
    MODES.put("dry-run", QualityGate.Mode.DRY_RUN);
  }

  private GateReader() {}

  static Document.@Nullable OfGate read(
      String name, Fields spec, String json, Vocabulary vocabulary, Problems problems) {
    int before = problems.count();
    String kind = spec.text("kind");
    QualityGate.Mode mode = spec.word("mode", MODES, QualityGate.Mode.ENFORCE);
    Share weight = spec.share("weight", Share.NONE);
    // every other key belongs to the gate kind, which knows what they mean
    Map<String, Object> parameters = new LinkedHashMap<>();
    for (Node.Entry entry : spec.entries()) {
      if (!entry.key().equals("kind")
          && !entry.key().equals("mode")
          && !entry.key().equals("weight")) {
        Object value = Json.value(entry.value());
        if (value == null) {
          spec.wrong(entry.key(), "must not be null: leave it out");
        } else {
          parameters.put(entry.key(), value);
        }
      }
    }
    if (!kind.isEmpty()) {
      for (Problem problem : vocabulary.kinds().check(kind, parameters)) {
        String path = problem.path().isEmpty() ? "spec" : spec.path(problem.path());
        problems.add(path, spec.deepest(problem.path()), problem.message());
      }
    }
    return problems.count() > before
        ? null
        : new Document.OfGate(
            new QualityGate(name, kind, mode, weight.fraction(), parameters), json);
  }

  /** Stands for a gate that could not be read, so that pipelines don't call it unknown as well. */
  static QualityGate unsound(String name) {
    return new QualityGate(name, "", QualityGate.Mode.ENFORCE, 0, Map.of());
  }
}
