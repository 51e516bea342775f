package dev.sluice.plan;

import dev.sluice.gate.Forecast;
import dev.sluice.model.Phase;
import dev.sluice.model.Stage;
import dev.sluice.plan.Itinerary.Hold;
import dev.sluice.plan.Itinerary.Leg;
import dev.sluice.stats.LogSpace;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One release on its way through an {@link Itinerary}, moved on as the loop moves releases: a step
 * lasts its least time, the last step of a stage until all its gates have passed, and a failure
 * ends it at any look.
 *
 * <p>Looks come every second at first and ever less often later: the tests may be looked at at any
 * time, so that it changes the time to a decision by some hundredths only.
 */
final class Walk {
  /** Until the next look, of the time that a stage has lasted. */
  private static final double PACE = .04;

  private static final double LEAST_PACE = 1;

  private final Itinerary itinerary;
  private final Map<String, Forecast> forecasts;
  private final @Nullable String worseFor;
  private final double patience;

  private final Map<Leg, Map<String, Mark>> passed = new HashMap<>();
  private final Map<Leg, Mark> ended = new HashMap<>();
  private double now;
  private double requests;
  private double exposed;
  private double stageBegan;
  private double stageRequests;
  private @Nullable Found found;
  private boolean overdue;

  /**
   * A moment of a stage.
   *
   * @param seconds since it began
   * @param requests of the candidate since it began
   * @param late whether that is after a deadline
   */
  record Mark(double seconds, double requests, boolean late) {}

  /**
   * The moment of a failure.
   *
   * @param seconds since the first request reached the candidate
   * @param requests of the candidate, copies included
   * @param exposed users that it has answered
   */
  record Found(Leg leg, double seconds, double requests, double exposed) {}

  /**
   * Requests of a step that the gates are shown.
   *
   * @param seconds in which they began
   */
  private record Seen(long candidates, long stables, double seconds) {
    static final Seen NOTHING = new Seen(0, 0, 0);

    Seen since(Seen before) {
      return new Seen(
          candidates - before.candidates, stables - before.stables, seconds - before.seconds);
    }
  }

  private Walk(
      Itinerary itinerary,
      Map<String, Forecast> forecasts,
      @Nullable String worseFor,
      double patience) {
    this.itinerary = itinerary;
    this.forecasts = forecasts;
    this.worseFor = worseFor;
    this.patience = patience;
    for (Leg leg : itinerary.legs()) {
      passed.put(leg, new HashMap<>());
      if (!stage(leg)) {
        break;
      }
    }
  }

  /**
   * A release of a candidate that is as good as stable: its gates can only pass.
   *
   * @param patience how many times its deadline a step may last, to learn how long it would take
   */
  static Walk ofSoundCandidate(
      Itinerary itinerary, Map<String, Forecast> forecasts, double patience) {
    return new Walk(itinerary, forecasts, null, patience);
  }

  /**
   * A release that ends as a real one would.
   *
   * @param gate in whose sense the candidate is worse; it is as good in that of the others
   */
  static Walk ofWorseCandidate(Itinerary itinerary, Map<String, Forecast> forecasts, String gate) {
    return new Walk(itinerary, forecasts, gate, 1);
  }

  /** Whether it came to a stage. */
  boolean reached(Leg leg) {
    return passed.containsKey(leg);
  }

  /** When each gate passed first, by stage; those that never did are left out. */
  Map<String, Mark> passed(Leg leg) {
    return passed.getOrDefault(leg, Map.of());
  }

  /** When a stage ended; null where it never did. */
  @Nullable Mark ended(Leg leg) {
    return ended.get(leg);
  }

  /** When gates failed; null where they never did. */
  @Nullable Found found() {
    return found;
  }

  /** Whether a deadline ended it. */
  boolean overdue() {
    return overdue;
  }

  /** Whether the release goes on behind it. */
  private boolean stage(Leg leg) {
    stageBegan = now;
    stageRequests = requests;
    for (int step = 0; step < leg.stage().steps(); step++) {
      if (!step(leg, step)) {
        return false;
      }
    }
    return true;
  }

  private boolean step(Leg leg, int step) {
    boolean last = step == leg.stage().steps() - 1;
    double entered = now;
    double end = leg.deadline() * patience;
    leg.gates().keySet().forEach(gate -> forecast(gate).enter(new Phase.Point(leg.index(), step)));
    double candidatesPerSecond = itinerary.traffic().perSecond() * leg.candidateShare(step);
    double lag = leg.lags().get(step);
    double stablesPerSecond = itinerary.traffic().perSecond() * leg.stableShare(step);
    Seen before = Seen.NOTHING;
    double lasted = 0;
    while (true) {
      double answered = candidatesPerSecond * lasted;
      lasted = Math.min(next(leg.least() + lag, entered, lasted), end);
      now = entered + lasted;
      double more = candidatesPerSecond * lasted - answered;
      requests += more;
      exposed += leg.stage() instanceof Stage.Shadow ? 0 : more;
      double settled = Math.max(0, lasted - lag);
      // whole requests, and none lost to rounding
      Seen seen =
          new Seen(
              (long) (candidatesPerSecond * settled), (long) (stablesPerSecond * settled), settled);
      Set<String> open = look(leg, lasted, seen.since(before));
      before = seen;
      if (found != null) {
        return false;
      }
      if (settled >= leg.least() && (!last || open.isEmpty())) {
        if (last) {
          ended.put(leg, mark(lasted > leg.deadline()));
        }
        return true;
      }
      if (lasted >= end || (last && patience == 1 && anyOverdue(leg, open, lasted))) {
        overdue = true;
        return false;
      }
    }
  }

  /**
   * When to look next, in seconds of the step.
   *
   * @param least when it could end at the earliest, which isn't passed over
   */
  private double next(double least, double entered, double lasted) {
    double next = lasted + Math.max(LEAST_PACE, PACE * (entered + lasted - stageBegan));
    return lasted < least ? Math.min(next, least) : next;
  }

  /** Shows the gates what came since the last look; those that still hold the stage. */
  private Set<String> look(Leg leg, double lasted, Seen news) {
    Map<String, Mark> marks = passed.computeIfAbsent(leg, reached -> new HashMap<>());
    Set<String> open = new HashSet<>();
    double merged = Double.NEGATIVE_INFINITY;
    for (Map.Entry<String, Hold> entry : leg.gates().entrySet()) {
      String gate = entry.getKey();
      Hold hold = entry.getValue();
      boolean worse = gate.equals(worseFor);
      // beside a worse one it matters little whether a gate that has passed comes to doubt it again
      if (worseFor != null && !worse && marks.containsKey(gate)) {
        continue;
      }
      Forecast forecast = forecast(gate);
      forecast.see(news.candidates(), news.stables(), news.seconds());
      merged = LogSpace.logAddExp(merged, forecast.logFail() - hold.failLimit());
      boolean counts =
          hold.gate()
              .terms()
              .minimum()
              .met((long) requests, Duration.ofMillis((long) (lasted * 1e3)));
      if (counts && forecast.logPass() >= forecast.passLimit()) {
        marks.putIfAbsent(gate, mark(lasted > hold.due()));
      } else if (!(hold.optional() && lasted >= hold.due())) {
        open.add(gate);
      }
    }
    if (worseFor != null && merged >= 0) {
      found = new Found(leg, now, requests, exposed);
    }
    return open;
  }

  private static boolean anyOverdue(Leg leg, Set<String> open, double lasted) {
    return open.stream().anyMatch(gate -> lasted >= leg.hold(gate).due());
  }

  private Mark mark(boolean late) {
    return new Mark(now - stageBegan, requests - stageRequests, late);
  }

  private Forecast forecast(String gate) {
    return Objects.requireNonNull(forecasts.get(gate), gate);
  }
}
