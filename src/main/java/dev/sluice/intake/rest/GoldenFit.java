package dev.sluice.intake.rest;

import dev.sluice.gate.GateKinds;
import dev.sluice.intake.catalog.Catalog;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Pipeline;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Stage;
import dev.sluice.signal.AnswerSchema;
import dev.sluice.signal.GoldenSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether a pipeline's golden requests are ones that the candidate takes, by the request schema it
 * declares: answers to others would tell nothing.
 */
final class GoldenFit {
  /** So many items of a set are named. */
  private static final int MOST_NAMED = 3;

  private GoldenFit() {}

  /** What is wrong, a sentence for each golden set. */
  static List<String> problems(
      Pipeline pipeline, Collection<QualityGate> gates, ModelVersion candidate, Catalog catalog) {
    AnswerSchema taken = new AnswerSchema(candidate.contract().request());
    List<String> problems = new ArrayList<>();
    for (String name : names(pipeline, gates)) {
      Optional<GoldenSet> set = catalog.goldenSet(name);
      if (set.isEmpty()) {
        problems.add("no golden set is called '" + name + "'");
      } else {
        unfit(set.get(), taken)
            .ifPresent(
                why ->
                    problems.add(
                        "golden set '%s' doesn't keep the request schema of version %s: %s"
                            .formatted(name, candidate.name(), why)));
      }
    }
    return problems;
  }

  private static Set<String> names(Pipeline pipeline, Collection<QualityGate> gates) {
    Set<String> names = new TreeSet<>();
    for (Stage stage : pipeline.stages()) {
      if (stage instanceof Stage.Synthetic synthetic) {
        names.add(synthetic.golden());
      }
    }
    gates.forEach(gate -> GateKinds.golden(gate).ifPresent(names::add));
    return names;
  }

  private static Optional<String> unfit(GoldenSet set, AnswerSchema taken) {
    List<String> named = new ArrayList<>();
    int unfit = 0;
    for (int i = 0; i < set.items().size(); i++) {
      String violation = taken.violation(set.items().get(i).request());
      if (violation != null) {
        unfit++;
        if (named.size() < MOST_NAMED) {
          named.add("item " + (i + 1) + ": " + violation);
        }
      }
    }
    if (unfit == 0) {
      return Optional.empty();
    }
    String more = unfit > named.size() ? "; and " + (unfit - named.size()) + " more" : "";
    return Optional.of(String.join("; ", named) + more);
  }
}
