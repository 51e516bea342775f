package dev.sluice.gate;

import dev.sluice.model.ModelVersion;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import dev.sluice.signal.metrics.Increases;
import dev.sluice.signal.metrics.MetricSource;
import dev.sluice.signal.metrics.Quantity;
import dev.sluice.signal.metrics.Series;
import dev.sluice.signal.promql.Promql;
import dev.sluice.signal.promql.Selector;
import dev.sluice.signal.promql.SyntaxError;
import dev.sluice.signal.promql.Template;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The series of one version, read at the same moment as the other's. That they are its own is
 * proven: a selector that hits nothing of the version, or only what is old, or what is no number,
 * ends in {@link Unavailable} with the reason (law 19).
 *
 * @param who {@code the candidate} or {@code stable}
 * @param newest until when all that a version can't be without was scraped
 */
record ArmSeries(String who, Map<Quantity, List<Series>> series, Instant newest) {
  /**
   * How far back of a moment the last sample before it is looked for: as far as Prometheus itself
   * looks.
   */
  private static final Duration LOOKBACK = Duration.ofMinutes(5);

  /** Both versions; {@code stable} is null where there is none to compare with. */
  record Both(ArmSeries candidate, @Nullable ArmSeries stable) {
    /** Until when both can be told of. */
    Instant upTo() {
      return stable == null || candidate.newest().isBefore(stable.newest())
          ? candidate.newest()
          : stable.newest();
    }
  }

  /**
   * Reads what an origin's selectors hit.
   *
   * @param from with the last sample before it
   * @param mustHit the quantities that a version can't be without
   */
  static Both read(
      GateKind.Context context,
      Origin.Metrics origin,
      Instant from,
      boolean compared,
      Set<Quantity> mustHit) {
    ModelVersion stable = compared ? context.stable() : null;
    Map<Quantity, Selector> ofCandidate = selectors(context, origin, context.candidate().name());
    Map<Quantity, Selector> ofStable =
        stable == null ? Map.of() : selectors(context, origin, stable.name());
    List<VersionName> versions = new ArrayList<>(List.of(context.candidate().name()));
    if (stable != null) {
      versions.add(stable.name());
    }
    MetricSource source = source(context, origin, versions);
    List<Series> all =
        source.samples(
            Stream.concat(ofCandidate.values().stream(), ofStable.values().stream()).toList(),
            from.minus(LOOKBACK),
            context.now());
    ArmSeries candidate = of("the candidate", source, all, ofCandidate, mustHit);
    candidate.checkFresh(source, origin.staleAfter(), context.now());
    ArmSeries other = stable == null ? null : of("stable", source, all, ofStable, mustHit);
    if (other != null) {
      other.checkFresh(source, origin.staleAfter(), context.now());
    }
    return new Both(candidate, other);
  }

  static MetricSource source(
      GateKind.Context context, Origin.Metrics origin, List<VersionName> versions) {
    return origin.prometheus() != null
        ? context.signals().metrics().prometheus(origin.prometheus())
        : context
            .signals()
            .metrics()
            .exporters(
                context.signals().workload(),
                context.service().name(),
                versions,
                origin.exporter());
  }

  private static Map<Quantity, Selector> selectors(
      GateKind.Context context, Origin.Metrics origin, VersionName version) {
    Map<Quantity, Selector> selectors = new EnumMap<>(Quantity.class);
    Map<String, String> names =
        Map.of("version", version.value(), "service", context.service().name().value());
    origin
        .selectors()
        .forEach(
            (quantity, template) -> {
              Selector selector = selector(template.filled(names));
              boolean histogram = quantity == Quantity.LATENCY;
              selectors.put(
                  quantity, histogram ? selector.named(selector.metric() + "_bucket") : selector);
            });
    return selectors;
  }

  static boolean isSelector(Template template) {
    try {
      return Promql.parse(template.filled(Map.of("version", "v", "service", "s"))).isSelector();
    } catch (SyntaxError e) {
      return false;
    }
  }

  private static Selector selector(String text) {
    try {
      return Selector.parse(text);
    } catch (SyntaxError e) {
      throw new IllegalArgumentException(e.told(), e);
    }
  }

  private static ArmSeries of(
      String who,
      MetricSource source,
      List<Series> all,
      Map<Quantity, Selector> selectors,
      Set<Quantity> mustHit) {
    Map<Quantity, List<Series>> hit = new EnumMap<>(Quantity.class);
    selectors.forEach(
        (quantity, selector) -> {
          List<Series> own = all.stream().filter(s -> selector.test(s.labels())).toList();
          if (own.isEmpty() && mustHit.contains(quantity)) {
            throw new Unavailable(
                "%s has no series of %s: %s".formatted(source.told(), who, selector));
          }
          own.forEach(series -> checkNumber(source, selector, series));
          hit.put(quantity, own);
        });
    checkAbsent(who, source, all, selectors, hit);
    // one fresh quantity must not hide that another has stopped coming
    Instant newest =
        mustHit.stream()
            .flatMap(
                quantity ->
                    Increases.newest(hit.getOrDefault(quantity, List.of()).stream()).stream())
            .min(Comparator.naturalOrder())
            .orElseThrow(
                () -> new Unavailable("%s has no series of %s".formatted(source.told(), who)));
    return new ArmSeries(who, hit, newest);
  }

  /** What was no number for a while is covered by the next; what is none now tells nothing. */
  private static void checkNumber(MetricSource source, Selector selector, Series series) {
    double value = series.last().map(Series.Sample::value).orElse(0.0);
    if (!Double.isFinite(value)) {
      throw new Unavailable("%s says %s of %s".formatted(source.told(), value, selector));
    }
  }

  /**
   * A counter of bad requests may not be there before the first. That its selector is no mistake is
   * told by others of its name which have the labels that it asks for.
   */
  private static void checkAbsent(
      String who,
      MetricSource source,
      List<Series> all,
      Map<Quantity, Selector> selectors,
      Map<Quantity, List<Series>> hit) {
    Selector bad = selectors.get(Quantity.BAD);
    if (bad == null || !hit.getOrDefault(Quantity.BAD, List.of()).isEmpty()) {
      return;
    }
    boolean known =
        all.stream()
            .anyMatch(
                s ->
                    new Selector(bad.metric(), List.of()).test(s.labels())
                        && bad.matchers().stream()
                            .allMatch(m -> s.labels().containsKey(m.label())));
    if (!known) {
      throw new Unavailable(
          "%s has no series of %s, and none like it that would show it is no mistake: %s"
              .formatted(source.told(), who, bad));
    }
  }

  private void checkFresh(MetricSource source, Duration staleAfter, Instant now) {
    Duration age = Duration.between(newest, now);
    if (age.compareTo(staleAfter) > 0) {
      throw new Unavailable(
          "%s has nothing newer of %s than %s ago"
              .formatted(source.told(), who, Words.seconds(age.toMillis() / 1e3)));
    }
  }

  List<Series> of(Quantity quantity) {
    return series.getOrDefault(quantity, List.of());
  }

  /** By how much the counters of a quantity rose between two moments, all together. */
  double increase(Quantity quantity, Instant from, Instant to) {
    return Increases.between(of(quantity), from, to).stream()
        .mapToDouble(Increases.Increase::by)
        .sum();
  }
}
