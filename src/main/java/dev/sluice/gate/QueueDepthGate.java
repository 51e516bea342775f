package dev.sluice.gate;

import dev.sluice.model.Problem;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Release;
import dev.sluice.model.Verdict;
import dev.sluice.signal.metrics.MetricSignals;
import dev.sluice.signal.metrics.Quantity;
import dev.sluice.signal.metrics.Series;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.Set;

/**
 * How many requests wait before a replica of the candidate, on average since the look before: no
 * more than a number, or than stable's by a part. A queue that grows is a server that is too slow
 * for its load before its latency tells.
 */
@Singleton
final class QueueDepthGate implements GateKind {
  static final String KIND = "queue-depth";
  private static final Set<Quantity> QUANTITIES = EnumSet.of(Quantity.WAITING);

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String question() {
    return "Do requests wait before the candidate no longer than they may, or than before stable?";
  }

  @Override
  public Set<String> stages() {
    return Set.of("shadow", "canary", "promotion");
  }

  private record Settings(Origin origin, double atMost, double overStable, Sustained.Times times) {}

  private static Settings settings(Parameters p) {
    Origin origin = Origin.read(p, "", QUANTITIES);
    if (origin instanceof Origin.Metrics metrics && !metrics.has(Quantity.WAITING)) {
      p.wrong("signal", "must name waiting requests: waiting, or an engine that tells them");
    }
    return new Settings(
        origin,
        p.number("atMost", 4, 0, 1_000_000, "so many may wait before a replica, on average"),
        p.share("overStable", .5, 0, 100, "or as many as before stable's, and this part more"),
        Sustained.Times.read(p));
  }

  @Override
  public void read(Parameters p) {
    settings(p);
  }

  @Override
  public List<Problem> submittable(QualityGate gate, MetricSignals metrics) {
    return settings(new Parameters(gate.parameters())).origin().submittable(metrics);
  }

  @Override
  public Look look(Context context, String state) {
    Parameters p = new Parameters(context.gate().parameters());
    Settings settings = settings(p);
    p.requireSound();
    Sustained kept = Sustained.read(context, state);
    SequencedMap<String, String> statistics = new LinkedHashMap<>();
    String source = settings.origin().told("");
    if (kept.latched() != null) {
      return look(context, kept, new Verdict.Fail(kept.latched()), statistics, source);
    }
    if (!(settings.origin() instanceof Origin.Metrics metrics)) {
      throw new IllegalStateException("no metrics to read");
    }
    Instant from = kept.readMillis() == 0 ? context.now() : Instant.ofEpochMilli(kept.readMillis());
    boolean compared = context.release().comparison() == Release.Comparison.STABLE;
    ArmSeries.Both both = ArmSeries.read(context, metrics, from, compared, QUANTITIES);
    Instant to = both.upTo();
    ArmSeries stable = both.stable();
    OptionalDouble waiting = mean(both.candidate(), from, to);
    OptionalDouble beside = stable == null ? OptionalDouble.of(0) : mean(stable, from, to);
    if (waiting.isEmpty() || beside.isEmpty()) {
      return look(
          context,
          kept.readMillis() == 0 ? kept.readUntil(to) : kept,
          new Verdict.Undecided("no scrape since the look before"),
          statistics,
          source);
    }
    double limit = Math.max(settings.atMost(), beside.getAsDouble() * (1 + settings.overStable()));
    statistics.put("waiting before a replica of the candidate", number(waiting.getAsDouble()));
    if (stable != null) {
      statistics.put("waiting before a replica of stable", number(beside.getAsDouble()));
    }
    statistics.put("may wait", number(limit));
    String sentence =
        "%s requests wait before a replica of the candidate, %s may"
            .formatted(number(waiting.getAsDouble()), number(limit));
    kept =
        kept.plus(waiting.getAsDouble() <= limit, context.now(), settings.times(), sentence)
            .readUntil(to);
    return look(
        context, kept, kept.verdict(context.now(), settings.times(), sentence), statistics, source);
  }

  private static OptionalDouble mean(ArmSeries arm, Instant after, Instant to) {
    return arm.of(Quantity.WAITING).stream()
        .flatMap(series -> series.samples().stream())
        .filter(s -> s.at().isAfter(after) && !s.at().isAfter(to) && !Double.isNaN(s.value()))
        .mapToDouble(Series.Sample::value)
        .average();
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
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
