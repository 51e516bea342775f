package dev.sluice.gate;

import dev.sluice.model.Problem;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import dev.sluice.signal.metrics.MetricSignals;
import dev.sluice.signal.metrics.Series;
import dev.sluice.signal.promql.Promql;
import dev.sluice.signal.promql.Selector;
import dev.sluice.signal.promql.SyntaxError;
import dev.sluice.signal.promql.Template;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The value of an expression for the candidate and, where asked for, for stable, with the proof
 * that it is theirs.
 *
 * @param unusable why there is no value; null where there is one
 */
record PromqlReading(double candidate, double stable, @Nullable String unusable) {
  private static final Set<String> PLACES = Set.of("version", "candidate", "stable", "service");

  /** What is asked, and of whom. */
  record Asked(String source, Template query, Duration staleAfter) {
    static Asked read(Parameters p) {
      String source =
          p.requiredText(
              "source", "the Prometheus, as in the setting sluice.signal.prometheus.<name>.url");
      Template query =
          new Template(
              p.requiredText("query", "PromQL that yields one value, with {{version}} in a label"));
      if (!query.text().isEmpty()) {
        query.problems(PLACES, Set.of("version")).forEach(wrong -> p.wrong("query", wrong));
      }
      return new Asked(
          source,
          query,
          p.duration(
              "staleAfter",
              Duration.ofSeconds(60),
              Duration.ofHours(1),
              "without a newer sample for so long, inconclusive"));
    }

    String told() {
      return "Prometheus " + source + ": " + query.text();
    }

    /** What that Prometheus itself says of it, if it can be asked. */
    List<Problem> submittable(MetricSignals metrics) {
      if (!metrics.names().contains(source)) {
        return List.of(Origin.unknown("source", source, metrics));
      }
      String example =
          query.filled(Map.of("version", "v", "candidate", "v", "stable", "v", "service", "s"));
      try {
        return metrics
            .prometheus(source)
            .refusal(example)
            .map(why -> List.of(new Problem("query", 0, 0, why)))
            .orElse(List.of());
      } catch (Unavailable e) {
        // it will be asked again, and no evidence is no pass
        return List.of();
      }
    }
  }

  static PromqlReading of(GateKind.Context context, Asked asked, @Nullable VersionName stable) {
    List<Promql> expressions = new ArrayList<>();
    List<VersionName> versions = new ArrayList<>(List.of(context.candidate().name()));
    if (stable != null) {
      versions.add(stable);
    }
    List<String> questions = new ArrayList<>();
    for (VersionName version : versions) {
      expressions.add(parsed(asked.query().filled(PromqlGate.names(context, version))));
    }
    expressions.forEach(expression -> questions.add(expression.text()));
    List<Selector> proofs = new ArrayList<>();
    for (int i = 0; i < versions.size(); i++) {
      String name = versions.get(i).value();
      expressions.get(i).selectors().stream()
          .filter(s -> s.matchers().stream().anyMatch(m -> m.value().contains(name)))
          .forEach(proofs::add);
    }
    proofs.forEach(proof -> questions.add("max(timestamp(" + proof + "))"));
    List<List<Series>> answers =
        context.signals().metrics().prometheus(asked.source()).instant(questions, context.now());
    for (int i = 0; i < proofs.size(); i++) {
      String wrong =
          unproven(
              proofs.get(i), answers.get(versions.size() + i), asked.staleAfter(), context.now());
      if (wrong != null) {
        return new PromqlReading(Double.NaN, Double.NaN, wrong);
      }
    }
    double[] values = {Double.NaN, Double.NaN};
    for (int i = 0; i < versions.size(); i++) {
      List<Series> answer = answers.get(i);
      if (answer.size() != 1) {
        return new PromqlReading(
            Double.NaN,
            Double.NaN,
            answer.isEmpty()
                ? "the expression yields nothing for version " + versions.get(i)
                : "the expression yields %s series for version %s where one was meant"
                    .formatted(answer.size(), versions.get(i)));
      }
      values[i] = answer.getFirst().samples().getFirst().value();
      if (!Double.isFinite(values[i])) {
        return new PromqlReading(
            Double.NaN,
            Double.NaN,
            "the expression yields %s for version %s".formatted(values[i], versions.get(i)));
      }
    }
    return new PromqlReading(values[0], values[1], null);
  }

  private static @Nullable String unproven(
      Selector selector, List<Series> newest, Duration staleAfter, Instant now) {
    if (newest.isEmpty()) {
      return "the selector hits no series: " + selector;
    }
    double age = now.toEpochMilli() / 1e3 - newest.getFirst().samples().getFirst().value();
    return age > staleAfter.toMillis() / 1e3
        ? "nothing is newer than %s of what this selects: %s"
            .formatted(Words.seconds(age), selector)
        : null;
  }

  private static Promql parsed(String text) {
    try {
      return Promql.parse(text);
    } catch (SyntaxError e) {
      throw new IllegalArgumentException(e.told(), e);
    }
  }
}
