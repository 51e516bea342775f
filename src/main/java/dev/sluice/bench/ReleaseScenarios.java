package dev.sluice.bench;

import dev.sluice.stats.Carry;
import dev.sluice.stats.Merge;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;

/**
 * All gates of a release that changes nothing, each by itself and merged: the bound is the
 * release's, over all gates, stages and looks. A batch is here the gates' log e-values after it.
 */
final class ReleaseScenarios {
  private static final int LOOKS = 60;
  private static final int LOOKS_PER_STAGE = 12;

  /** Of the canary's steps, after a shadow of the same length. */
  private static final double[] SHARES = {.01, .05, .25, .50};

  /** Shares of the bound, in the order of {@link SimulatedCanary#GATES}. */
  private static final Merge CANARY = new Merge(new double[] {.30, .30, .25, .10, .05});

  /** Shares of the bound, in the order of {@link SimulatedShadow#GATES}. */
  private static final Merge SHADOW = new Merge(new double[] {.35, .35, .30});

  private ReleaseScenarios() {}

  static List<Scenario> all() {
    return List.of(
        of(
            "canary gates together, 60 looks of 100+100",
            SimulatedCanary.GATES,
            CANARY,
            ReleaseScenarios::canary),
        of(
            "shadow gates together, 60 looks of 50 pairs",
            SimulatedShadow.GATES,
            SHADOW,
            ReleaseScenarios::shadow),
        of(
            "release: shadow, ramp 1..50%, drift, 60 looks",
            SimulatedCanary.GATES, CANARY, ReleaseScenarios::release));
  }

  private static Scenario of(
      String name,
      List<String> gates,
      Merge merge,
      Function<SplittableRandom, IntFunction<double[]>> logEs) {
    List<String> own = gates.stream().map(gate -> Evidence.SLUICE + ", " + gate).toList();
    String merged = Evidence.SLUICE + ", merged";
    return Scenario.alike(
        name,
        LOOKS,
        random -> {
          SequencedMap<String, Judge<double[]>> judges = new LinkedHashMap<>();
          for (int g = 0; g < own.size(); g++) {
            int gate = g;
            judges.put(own.get(g), logs -> logs[gate] >= Evidence.LIMIT);
          }
          judges.put(merged, logs -> merge.logE(logs) >= Evidence.LIMIT);
          return new History<>(logEs.apply(random), logs -> 0, judges);
        },
        Stream.concat(own.stream(), Stream.of(merged)).toArray(String[]::new));
  }

  private static IntFunction<double[]> canary(SplittableRandom random) {
    SimulatedCanary canary = new SimulatedCanary(random);
    SimulatedCanary.Drift none = new SimulatedCanary.Drift(.005, 0, 0);
    return look -> canary.look(look == 0 ? 1 : 0, 100, 100, none);
  }

  private static IntFunction<double[]> shadow(SplittableRandom random) {
    SimulatedShadow shadow = new SimulatedShadow(random);
    return look -> shadow.look(look == 0 ? 1 : 0, 50, .005);
  }

  /**
   * Twelve looks in shadow, then twelve at each step of the canary, stake started at every step,
   * evidence carried from shadow to canary; meanwhile the error rate of both versions climbs from
   * .2 to 2 %, latency sways by 21 % and quality sinks.
   */
  private static IntFunction<double[]> release(SplittableRandom random) {
    SimulatedShadow shadow = new SimulatedShadow(random);
    SimulatedCanary canary = new SimulatedCanary(random);
    IntToDoubleFunction restarts = Evidence.restart(SHARES.length, LOOKS_PER_STAGE);
    double[] shadowEnd = new double[SimulatedCanary.GATES.size()];
    return look -> {
      double progress = look / (LOOKS - 1.0);
      double errorRate = .002 * Math.pow(10, progress);
      double[] logs = new double[shadowEnd.length];
      if (look < LOOKS_PER_STAGE) {
        double[] seen = shadow.look(look == 0 ? 1 : 0, 20, errorRate);
        System.arraycopy(seen, 0, shadowEnd, 0, seen.length);
        Arrays.setAll(logs, g -> Carry.DEFAULT.duringShadow(shadowEnd[g]));
        return logs;
      }
      int later = look - LOOKS_PER_STAGE;
      int candidates = (int) Math.round(400 * SHARES[later / LOOKS_PER_STAGE]);
      double sway = Math.log(1.21) / Draws.SIGMA * Math.sin(2 * Math.PI * 3 * progress);
      double[] seen =
          canary.look(
              restarts.applyAsDouble(later),
              candidates,
              400 - candidates,
              new SimulatedCanary.Drift(errorRate, sway, .2 * progress));
      Arrays.setAll(logs, g -> Carry.DEFAULT.afterShadow(shadowEnd[g], seen[g]));
      return logs;
    };
  }
}
