package dev.sluice.plan;

import dev.sluice.gate.Forecast;
import dev.sluice.gate.GateKinds;
import dev.sluice.model.ModelService;
import dev.sluice.model.Pipeline;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Rejected;
import dev.sluice.model.VersionName;
import dev.sluice.plan.Itinerary.Hold;
import dev.sluice.plan.Itinerary.Leg;
import dev.sluice.signal.TrafficSignals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Plans releases by playing them: some hundred times with a candidate that is as good as stable,
 * and for each gate with one that is worse. The same question has the same answer.
 */
public final class Planner {
  private static final double[] WORSE = {1.1, 1.3, 2};
  private static final int SOUND = 200;

  /** Of all gates and sizes together, so that a plan takes no longer where there are many. */
  private static final int UNSOUND = 1_500;

  private static final long SEED = 1;

  /** How many times its deadline a stage is watched, to tell how long it would have taken. */
  private static final double PATIENCE = 10;

  private final GateKinds kinds;
  private final TrafficSignals signals;

  public Planner(GateKinds kinds, TrafficSignals signals) {
    this.kinds = kinds;
    this.signals = signals;
  }

  /**
   * A plan of a release of a service under a pipeline. Takes some seconds of one core.
   *
   * @param gates every gate of the pipeline, by name
   * @param stable what the service's users are on; null: it has no stable version yet
   * @param given what to suppose instead of what traffic was like of late
   * @throws Rejected where there is nothing to plan by, saying what to give
   */
  public Plan plan(
      Pipeline pipeline,
      Map<String, QualityGate> gates,
      ModelService service,
      @Nullable VersionName stable,
      Assumptions given,
      Instant now) {
    if (stable == null) {
      throw new Rejected(
          "service '%s' has no stable version to compare with: its first release is judged by its SLO alone"
              .formatted(service.name()));
    }
    Traffic traffic = RecentTraffic.read(signals, service.name(), stable, given, now);
    Itinerary itinerary = Itinerary.of(pipeline, gates, service, stable, traffic, kinds);
    return new Findings(itinerary, sound(itinerary), unsound(itinerary)).plan();
  }

  private static List<Walk> sound(Itinerary itinerary) {
    Map<String, Forecast.Source> sources = sources(itinerary, null, 1);
    return walks(
        SOUND, random -> Walk.ofSoundCandidate(itinerary, draw(sources, random), PATIENCE));
  }

  private static List<Findings.Tried> unsound(Itinerary itinerary) {
    List<Findings.Tried> all = new ArrayList<>();
    int each = UNSOUND / Math.max(1, itinerary.gates().size() * WORSE.length);
    for (String gate : itinerary.gates()) {
      for (double worse : WORSE) {
        Map<String, Forecast.Source> sources = sources(itinerary, gate, worse);
        double slowdown = source(sources, gate).draw(new SplittableRandom(SEED)).slowdown();
        Itinerary slowed = itinerary.slowedBy(slowdown);
        List<Walk> walks =
            walks(each, random -> Walk.ofWorseCandidate(slowed, draw(sources, random), gate));
        all.add(new Findings.Tried(gate, worse, walks));
      }
    }
    return all;
  }

  private static List<Walk> walks(int count, Function<SplittableRandom, Walk> walk) {
    SplittableRandom random = new SplittableRandom(SEED);
    return Stream.generate(random::split).limit(count).map(walk).toList();
  }

  /** Of all gates; for one of them the candidate is worse. */
  private static Map<String, Forecast.Source> sources(
      Itinerary itinerary, @Nullable String worseFor, double worse) {
    Map<String, Forecast.Source> sources = new HashMap<>();
    for (Leg leg : itinerary.legs()) {
      for (Map.Entry<String, Hold> entry : leg.gates().entrySet()) {
        double factor = entry.getKey().equals(worseFor) ? worse : 1;
        sources.computeIfAbsent(
            entry.getKey(), gate -> itinerary.source(entry.getValue().gate(), factor));
      }
    }
    return sources;
  }

  private static Forecast.Source source(Map<String, Forecast.Source> sources, String gate) {
    return Objects.requireNonNull(sources.get(gate), gate);
  }

  private static Map<String, Forecast> draw(
      Map<String, Forecast.Source> sources, SplittableRandom random) {
    Map<String, Forecast> forecasts = new HashMap<>();
    // in the same order every time: each draws from its own random numbers
    sources.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> forecasts.put(entry.getKey(), entry.getValue().draw(random.split())));
    return forecasts;
  }
}
