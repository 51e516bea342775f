package dev.sluice.plan;

import dev.sluice.gate.ExpectedTraffic;
import dev.sluice.model.Exchange;
import dev.sluice.model.Rejected;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Timing;
import dev.sluice.model.VersionName;
import dev.sluice.signal.Batch;
import dev.sluice.signal.Cursor;
import dev.sluice.signal.TrafficSignals;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.jspecify.annotations.Nullable;

/** What a service's traffic was like of late, as far as the data plane remembers. */
final class RecentTraffic {
  private static final int PAGE = 2_000;

  /** Fewer say nothing of a rate. */
  private static final int LEAST_REQUESTS = 100;

  /** Fewer say nothing of a tail. */
  private static final int LEAST_LATENCIES = 100;

  /** As short, and as long, as gates take stalls to be. */
  private static final Duration MOMENT = Duration.ofMillis(100);

  private static final Duration LONGEST_MOMENT = Duration.ofSeconds(1);

  private static final Duration LEAST_TIME = Duration.ofSeconds(5);

  /** Labels come with a release, so that nothing is known of a service's quality before it. */
  private static final double WRONG = .1;

  private static final int QUANTILES = 2_000;

  private final ServiceName service;
  private final Assumptions given;
  private final List<String> basis = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();

  private RecentTraffic(ServiceName service, Assumptions given) {
    this.service = service;
    this.given = given;
  }

  /**
   * Reads what there is, and takes what is given instead of it.
   *
   * @throws Rejected where there is too little traffic to tell and nothing was given
   */
  static Traffic read(
      TrafficSignals signals,
      ServiceName service,
      VersionName stable,
      Assumptions given,
      Instant now) {
    return new RecentTraffic(service, given).read(signals, stable, now);
  }

  private Traffic read(TrafficSignals signals, VersionName stable, Instant now) {
    List<Exchange> exchanges = new ArrayList<>();
    Cursor at = Cursor.START;
    Batch<Exchange> page = signals.exchanges(service, at, PAGE);
    while (!page.items().isEmpty() && !page.end().equals(at)) {
      exchanges.addAll(page.items());
      at = page.end();
      page = signals.exchanges(service, at, PAGE);
    }
    double perSecond = perSecond(exchanges, now);
    List<Exchange> ofStable = exchanges.stream().filter(e -> e.version().equals(stable)).toList();
    double errors = errors(ofStable);
    double timeouts = share("timeouts", given.timeouts(), ofStable, ExpectedTraffic::timedOut);
    double invalid = share("invalid", given.invalid(), ofStable, ExpectedTraffic::invalid);
    double rescued = share("rescued", null, ofStable, ExpectedTraffic::rescued);
    Map<Timing, double[]> times = times(signals, stable);
    double wrong = given.wrong() == null ? WRONG : given.wrong();
    basis.add(
        "%s wrong answers: %s"
            .formatted(percent(wrong), given.wrong() == null ? "supposed" : "given"));
    if (!missing.isEmpty()) {
      throw new Rejected(
          "service '%s' has had too little traffic to plan by: give %s"
              .formatted(service, String.join(", ", missing)));
    }
    return new Traffic(
        perSecond,
        new ExpectedTraffic(
            times, moments(signals, stable), errors, timeouts, invalid, rescued, wrong),
        basis);
  }

  /** Requests of users, over the time from the first that is remembered until now. */
  private double perSecond(List<Exchange> exchanges, Instant now) {
    Double supposed = given.perSecond();
    if (supposed != null) {
      basis.add(number(supposed) + " requests a second: given");
      return supposed;
    }
    Duration span =
        exchanges.stream()
            .map(Exchange::start)
            .min(Instant::compareTo)
            .map(first -> Duration.between(first, now))
            .orElse(Duration.ZERO);
    if (exchanges.size() < LEAST_REQUESTS || span.compareTo(LEAST_TIME) < 0) {
      missing.add(
          "rate (%s requests in %s s are remembered)"
              .formatted(exchanges.size(), span.toSeconds()));
      return 1;
    }
    double perSecond = exchanges.size() / (span.toMillis() / 1e3);
    basis.add(
        "%s requests a second: the last %s in %s s"
            .formatted(number(perSecond), exchanges.size(), span.toSeconds()));
    return perSecond;
  }

  /** Too few requests say nothing of them, and every plan hangs on them. */
  private double errors(List<Exchange> ofStable) {
    if (given.errors() == null && ofStable.size() < LEAST_REQUESTS) {
      missing.add("errors");
      return 0;
    }
    return share("errors", given.errors(), ofStable, ExpectedTraffic::failed);
  }

  private double share(
      String name, @Nullable Double supposed, List<Exchange> ofStable, Predicate<Exchange> counts) {
    if (supposed != null) {
      basis.add(percent(supposed) + " " + name + ": given");
      return supposed;
    }
    if (ofStable.size() < LEAST_REQUESTS) {
      basis.add("none " + name + ": supposed");
      return 0;
    }
    long events = ofStable.stream().filter(counts).count();
    // none of a few hundred is not none at all
    double rate = (events + .5) / (ofStable.size() + 1);
    basis.add(
        "%s %s: %d of stable's last %d requests, and half a one more"
            .formatted(percent(rate), name, events, ofStable.size()));
    return rate;
  }

  private Map<Timing, double[]> times(TrafficSignals signals, VersionName stable) {
    Map<Timing, double[]> known = new EnumMap<>(Timing.class);
    double[] answers = signals.history(service, stable, Timing.WHOLE);
    List<String> told = new ArrayList<>();
    for (Timing timing : Timing.values()) {
      double[] past = signals.history(service, stable, timing);
      if (answers.length >= LEAST_LATENCIES) {
        // however many are to come, they won't tell either
        boolean tells = past.length >= LEAST_LATENCIES;
        known.put(timing, tells ? past : new double[0]);
        told.add((tells ? past.length : "none") + " " + timing.told());
      }
    }
    if (!told.isEmpty()) {
      basis.add("times: stable's last answers, " + String.join(", ", told));
    }
    Duration median = given.p50();
    Duration tail = given.p99();
    if (median != null && tail != null) {
      basis.add(
          "time to the whole answer with p50 %d ms and p99 %d ms: given, supposed log-normal"
              .formatted(median.toMillis(), tail.toMillis()));
      known.put(Timing.WHOLE, logNormal(median.toNanos() / 1e9, tail.toNanos() / 1e9));
    } else if (!known.containsKey(Timing.WHOLE)) {
      missing.add("p50 and p99");
    }
    return known;
  }

  private Map<Timing, Duration> moments(TrafficSignals signals, VersionName stable) {
    Map<Timing, Duration> moments = new EnumMap<>(Timing.class);
    for (Timing timing : Timing.values()) {
      Duration moment = signals.moment(service, stable, timing, MOMENT, LONGEST_MOMENT);
      moments.put(timing, moment);
      if (moment.compareTo(MOMENT) > 0) {
        basis.add(
            "what slows the time %s of one of stable's answers slows those of %d ms"
                .formatted(timing.told(), moment.toMillis()));
      }
    }
    return moments;
  }

  /** Its quantiles, rising. */
  private static double[] logNormal(double p50, double p99) {
    NormalDistribution normal = NormalDistribution.of(0, 1);
    double sigma = Math.log(p99 / p50) / normal.inverseCumulativeProbability(.99);
    double[] quantiles = new double[QUANTILES];
    Arrays.setAll(
        quantiles,
        i -> p50 * Math.exp(sigma * normal.inverseCumulativeProbability((i + .5) / QUANTILES)));
    return quantiles;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f%%", share * 100);
  }
}
