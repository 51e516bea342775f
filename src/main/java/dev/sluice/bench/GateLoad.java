package dev.sluice.bench;

import dev.sluice.cli.Table;
import dev.sluice.gate.GateKind;
import dev.sluice.gate.GateKinds;
import dev.sluice.model.Measurement;
import dev.sluice.model.Phase;
import dev.sluice.signal.Signals;
import dev.sluice.signal.metrics.MetricSignals;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the gates with statistics cost: the gates themselves, called as the loop calls them, on
 * observations that lie in memory. One thread, by the processor time it took: a busy machine is not
 * a slow gate.
 *
 * @param gates each by itself
 * @param perSecond observations a second of a core through all gates of a canary, one after the
 *     other
 */
record GateLoad(List<Cost> gates, double perSecond) {
  /** Observations a second through all gates of a canary, on one core. */
  static final double PER_SECOND = 2e6;

  /** Bytes of state of one gate. */
  static final int STATE_BYTES = 4096;

  private static final ThreadMXBean PROCESSOR = ManagementFactory.getThreadMXBean();

  /** The kind that takes no more than the labels that are posted. */
  private static final String BY_LABELS = "quality";

  private static final int PER_LOOK = 20_000;
  private static final int LOOKS = 25;
  private static final int ROUNDS = 9;
  private static final int LOOKS_PER_POINT = 5;

  /**
   * One gate.
   *
   * @param perSecond observations of users that it takes in a second of a core; NaN where what it
   *     waits for comes from the store, label by label: that isn't in memory
   * @param stateBytes the most that its state takes in the store, over a release that passes all
   *     stages
   */
  record Cost(String gate, double perSecond, int stateBytes) {}

  GateLoad {
    gates = List.copyOf(gates);
  }

  /** The form people read. */
  List<String> lines() {
    Table table = new Table("GATE", "OBSERVATIONS/S", "STATE, BYTES");
    for (Cost cost : gates) {
      table.row(
          cost.gate(),
          Double.isNaN(cost.perSecond()) ? "by labels" : count(cost.perSecond()),
          count(cost.stateBytes()));
    }
    table.row(
        "all of a canary on one core",
        count(perSecond) + against(perSecond >= PER_SECOND, ">= " + count(PER_SECOND)),
        against(
                gates.stream().allMatch(cost -> cost.stateBytes() <= STATE_BYTES),
                "each <= " + count(STATE_BYTES))
            .strip());
    return table.lines();
  }

  private static String against(boolean kept, String goal) {
    return " (goal " + goal + (kept ? " kept)" : " MISSED)");
  }

  private static String count(double number) {
    return String.format(Locale.ROOT, "%,.0f", number);
  }

  /** Measures; takes some seconds, and the whole of a core. */
  static GateLoad measure(long seed) {
    SimulatedTraffic traffic = new SimulatedTraffic(seed, LOOKS * PER_LOOK);
    List<Cost> costs = new ArrayList<>();
    double seconds = 0;
    for (GateKind kind : GateKinds.statistical()) {
      boolean alone = !kind.kind().equals(BY_LABELS);
      double perSecond = alone ? throughput(kind, traffic) : Double.NaN;
      seconds += alone ? 1 / perSecond : 0;
      costs.add(new Cost(kind.kind(), perSecond, stateBytes(kind, traffic, PER_LOOK)));
    }
    return new GateLoad(costs, 1 / seconds);
  }

  /** Of the middle one of some rounds, after the compiler has had its own. */
  private static double throughput(GateKind kind, SimulatedTraffic traffic) {
    SimulatedRelease release = new SimulatedRelease(kind, signals(traffic));
    double[] rounds = new double[ROUNDS];
    for (int round = -ROUNDS; round < ROUNDS; round++) {
      String state = "";
      long began = PROCESSOR.getCurrentThreadCpuTime();
      for (int look = 1; look <= LOOKS; look++) {
        traffic.come(look * PER_LOOK);
        state = release.look(SimulatedRelease.HALF, state, traffic.now()).state();
      }
      if (round >= 0) {
        double seconds = (PROCESSOR.getCurrentThreadCpuTime() - began) / 1e9;
        rounds[round] = LOOKS * PER_LOOK / seconds;
      }
    }
    Arrays.sort(rounds);
    return rounds[ROUNDS / 2];
  }

  /** The most that a gate's state takes over some looks at each point of a release. */
  static int stateBytes(GateKind kind, SimulatedTraffic traffic, int perLook) {
    SimulatedRelease release = new SimulatedRelease(kind, signals(traffic));
    String state = "";
    int most = 0;
    int looks = 0;
    for (Phase.Point at : SimulatedRelease.POINTS) {
      for (int look = 0; look < LOOKS_PER_POINT; look++) {
        traffic.come(++looks * perLook);
        state = release.look(at, state, traffic.now()).state();
        most = Math.max(most, state.getBytes(StandardCharsets.UTF_8).length);
      }
    }
    return most;
  }

  private static Signals signals(SimulatedTraffic traffic) {
    Silent platform = new Silent();
    // every pair has the same id, and so the same label
    Map<String, Measurement> every = Map.of("", new Measurement("every", "1", null, Instant.EPOCH));
    return new Signals(
        traffic, platform, platform, (release, requests) -> every, MetricSignals.NONE);
  }
}
