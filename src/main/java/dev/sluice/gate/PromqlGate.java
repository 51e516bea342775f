package dev.sluice.gate;

import dev.sluice.model.ModelVersion;
import dev.sluice.model.Problem;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Release;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import dev.sluice.signal.metrics.MetricSignals;
import dev.sluice.signal.promql.Template;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Any expression of a Prometheus, held to limits of its own or compared with stable's value at the
 * same moment. Its value says something of the candidate only if each selector that names the
 * version hits series of the version: that is asked in the same query. Nothing, what is no finite
 * number, several series and old samples are inconclusive.
 */
@Singleton
final class PromqlGate implements GateKind {
  static final String KIND = "promql";

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String question() {
    return "Does a measure of the operator's own stay within its limits, or near stable's?";
  }

  /**
   * @param relativeMost as a ratio of stable's value; null: no such limit
   */
  private record Settings(
      PromqlReading.Asked asked,
      @Nullable Double atMost,
      @Nullable Double atLeast,
      @Nullable Double relativeMost,
      @Nullable Double relativeLeast,
      double floor,
      Sustained.Times times) {
    boolean compares() {
      return relativeMost != null || relativeLeast != null;
    }
  }

  private static Settings settings(Parameters p) {
    PromqlReading.Asked asked = PromqlReading.Asked.read(p);
    Parameters compared = p.nested("compared", "limits by stable's value at the same moment");
    Settings read =
        new Settings(
            asked,
            p.optionalNumber("atMost", "the value must not be above it"),
            p.optionalNumber("atLeast", "the value must not be below it"),
            compared.optionalShare("atMost", 0, 1000, "of stable's value, as 110%"),
            compared.optionalShare("atLeast", 0, 1000, "of stable's value, as 90%"),
            compared.number(
                "floor",
                0,
                0,
                Double.MAX_VALUE,
                "a difference up to it is none, whatever its ratio"),
            Sustained.Times.read(p));
    if (read.atMost == null && read.atLeast == null && !read.compares()) {
      p.wrong("", "must have a limit: atMost, atLeast, compared.atMost or compared.atLeast");
    }
    return read;
  }

  @Override
  public void read(Parameters p) {
    settings(p);
  }

  @Override
  public List<Problem> submittable(QualityGate gate, MetricSignals metrics) {
    Settings settings = settings(new Parameters(gate.parameters()));
    return settings.asked.submittable(metrics);
  }

  @Override
  public Look look(Context context, String state) {
    Parameters p = new Parameters(context.gate().parameters());
    Settings settings = settings(p);
    p.requireSound();
    Sustained kept = Sustained.read(context, state);
    SequencedMap<String, String> statistics = new LinkedHashMap<>();
    String source = settings.asked.told();
    if (kept.latched() != null) {
      return look(context, kept, new Verdict.Fail(kept.latched()), statistics, source);
    }
    ModelVersion stable =
        settings.compares() && context.release().comparison() == Release.Comparison.STABLE
            ? context.stable()
            : null;
    PromqlReading reading =
        PromqlReading.of(context, settings.asked, stable == null ? null : stable.name());
    if (reading.unusable() != null) {
      return look(
          context,
          kept.interrupted(),
          new Verdict.Inconclusive(reading.unusable()),
          statistics,
          source);
    }
    double value = reading.candidate();
    Optional<Double> other = stable == null ? Optional.empty() : Optional.of(reading.stable());
    statistics.put("candidate", number(value));
    other.ifPresent(o -> statistics.put("stable", number(o)));
    String beyond = beyond(settings, value, other.orElse(Double.NaN));
    String sentence =
        beyond == null
            ? "the value is " + number(value) + ", within its limits"
            : "the value is " + number(value) + ", " + beyond;
    kept = kept.plus(beyond == null, context.now(), settings.times, sentence);
    return look(
        context, kept, kept.verdict(context.now(), settings.times, sentence), statistics, source);
  }

  /** Which limit it is beyond, in words; null for none. */
  private static @Nullable String beyond(Settings s, double value, double stable) {
    if (s.atMost != null && value > s.atMost) {
      return "above " + number(s.atMost);
    }
    if (s.atLeast != null && value < s.atLeast) {
      return "below " + number(s.atLeast);
    }
    if (Double.isNaN(stable) || Math.abs(value - stable) <= s.floor) {
      return null;
    }
    if (s.relativeMost != null && value > stable * s.relativeMost) {
      return "above %s of stable's %s".formatted(Words.percent(s.relativeMost), number(stable));
    }
    if (s.relativeLeast != null && value < stable * s.relativeLeast) {
      return "below %s of stable's %s".formatted(Words.percent(s.relativeLeast), number(stable));
    }
    return null;
  }

  private static Look look(
      Context context,
      Sustained kept,
      Verdict verdict,
      SequencedMap<String, String> statistics,
      String source) {
    return new Look(Reports.plain(context, KIND, verdict, 0, statistics, source), kept.write());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }

  /** Names to fill into a template for one version. */
  static Map<String, String> names(Context context, VersionName version) {
    ModelVersion stable = context.stable();
    return Map.of(
        "version", version.value(),
        "candidate", context.candidate().name().value(),
        "stable", stable == null ? "" : stable.name().value(),
        "service", context.service().name().value());
  }

  /** Whether an expression says whose value it is. */
  static boolean namesVersion(Template template) {
    return template.places().contains("version") || template.places().contains("candidate");
  }
}
