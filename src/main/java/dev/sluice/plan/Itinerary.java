package dev.sluice.plan;

import dev.sluice.gate.Forecast;
import dev.sluice.gate.GateKinds;
import dev.sluice.gate.ReleaseEvidence;
import dev.sluice.model.ModelService;
import dev.sluice.model.Phase;
import dev.sluice.model.Pipeline;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.Stage;
import dev.sluice.model.VersionName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * The stages of a pipeline that requests reach, each with the gates there whose verdict rests on
 * chance: the others decide by themselves, whatever the traffic.
 */
record Itinerary(
    Release release, ModelService service, Traffic traffic, GateKinds kinds, List<Leg> legs) {

  /**
   * One stage.
   *
   * @param index in the pipeline
   * @param gates by name
   * @param lags how far they are behind the traffic, in seconds, by step
   */
  record Leg(int index, Stage stage, SequencedMap<String, Hold> gates, List<Double> lags) {
    Leg {
      lags = List.copyOf(lags);
    }

    /** How one of its gates holds a release there. */
    Hold hold(String gate) {
      return Objects.requireNonNull(gates.get(gate), gate);
    }

    /** What the candidate gets at a step, and stable beside it, of all requests. */
    double candidateShare(int step) {
      return switch (stage) {
        case Stage.Shadow shadow -> shadow.share().fraction();
        case Stage.Canary canary -> canary.weights().get(step).fraction();
        case Stage.Promotion promotion -> 1;
        case Stage.Staging staging -> 0;
        case Stage.Synthetic synthetic -> 0;
      };
    }

    double stableShare(int step) {
      return stage instanceof Stage.Shadow ? candidateShare(step) : 1 - candidateShare(step);
    }

    double least() {
      return seconds(stage.atLeast());
    }

    double deadline() {
      return seconds(stage.deadline());
    }
  }

  /**
   * How one gate holds a release.
   *
   * @param failLimit log e-value at which it rolls back alone
   * @param due in seconds from when a step was entered
   */
  record Hold(QualityGate gate, double failLimit, double due) {
    boolean optional() {
      return gate.terms().criticality() == QualityGate.Criticality.OPTIONAL;
    }
  }

  Itinerary {
    legs = List.copyOf(legs);
  }

  static Itinerary of(
      Pipeline pipeline,
      Map<String, QualityGate> gates,
      ModelService service,
      VersionName stable,
      Traffic traffic,
      GateKinds kinds) {
    Release release = release(pipeline, gates, service, stable);
    Predicate<QualityGate> byChance =
        gate -> kinds.of(gate).forecast(outlook(release, gate, service, traffic, 1)).isPresent();
    List<Leg> legs = new ArrayList<>();
    for (int i = 0; i < pipeline.stages().size(); i++) {
      Stage stage = pipeline.stages().get(i);
      if (!stage.touchesTraffic()) {
        continue;
      }
      SequencedMap<String, Hold> held = new LinkedHashMap<>();
      for (String name : stage.gates()) {
        QualityGate gate = gates.get(name);
        if (gate != null && gate.mode() == QualityGate.Mode.ENFORCE && byChance.test(gate)) {
          Duration own = gate.terms().deadline();
          double deadline = seconds(stage.deadline());
          held.put(
              name,
              new Hold(
                  gate,
                  ReleaseEvidence.logFailLimit(pipeline, gates, gate),
                  own == null ? deadline : Math.min(deadline, seconds(own))));
        }
      }
      legs.add(new Leg(i, stage, held, List.of()));
    }
    return new Itinerary(release, service, traffic, kinds, legs).slowedBy(1);
  }

  /**
   * The same with a candidate that is slower: gates wait for its answers.
   *
   * @param times as long as stable's its answers take
   */
  Itinerary slowedBy(double times) {
    List<Leg> slowed = new ArrayList<>();
    for (Leg leg : legs) {
      List<Double> lags = new ArrayList<>();
      for (int step = 0; step < leg.stage().steps(); step++) {
        lags.add(
            traffic.lagSeconds(
                traffic.perSecond() * leg.stableShare(step),
                traffic.perSecond() * leg.candidateShare(step),
                times,
                seconds(service.traffic().timeout())));
      }
      slowed.add(new Leg(leg.index(), leg.stage(), leg.gates(), lags));
    }
    return new Itinerary(release, service, traffic, kinds, slowed);
  }

  private static Forecast.Outlook outlook(
      Release release, QualityGate gate, ModelService service, Traffic traffic, double worse) {
    return new Forecast.Outlook(release, gate, service, traffic.answers(), worse);
  }

  /** The gates of all stages, each once. */
  Set<String> gates() {
    Set<String> all = new LinkedHashSet<>();
    legs.forEach(leg -> all.addAll(leg.gates().sequencedKeySet()));
    return all;
  }

  /** The other enforcing gates of these stages, each once. */
  Set<String> unplanned() {
    Set<String> all = new LinkedHashSet<>();
    for (Leg leg : legs) {
      for (String name : leg.stage().gates()) {
        QualityGate gate = release.gates().get(name);
        if (gate != null
            && gate.mode() == QualityGate.Mode.ENFORCE
            && !leg.gates().containsKey(name)) {
          all.add(name);
        }
      }
    }
    return all;
  }

  /**
   * Forecasts of one gate.
   *
   * @param worse what the candidate does worse in its sense, as a factor
   */
  Forecast.Source source(QualityGate gate, double worse) {
    return kinds.of(gate).forecast(outlook(release, gate, service, traffic, worse)).orElseThrow();
  }

  /** What gates are told of the release that is planned. */
  private static Release release(
      Pipeline pipeline, Map<String, QualityGate> gates, ModelService service, VersionName stable) {
    return new Release(
        new ReleaseId(new UUID(0, 0)),
        service.name(),
        new VersionName("candidate"),
        stable,
        Release.Comparison.STABLE,
        pipeline,
        gates,
        new Phase.Submitted(Instant.EPOCH),
        null,
        List.of(),
        null,
        "plan",
        Instant.EPOCH,
        "",
        Map.of());
  }

  static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
