package dev.sluice.bench;

import dev.sluice.bench.Goal.Measure;
import dev.sluice.stats.Bursts;
import dev.sluice.stats.EventCounts;
import dev.sluice.stats.EventKernel;
import dev.sluice.stats.Kernel;
import dev.sluice.stats.PastMean;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Errors in two arms (K1), in a canary that users are split over. */
final class ErrorScenarios {
  private static final int LOOKS = 60;
  private static final double[] RAMP = {.01, .05, .10, .25, .50};
  private static final double RATE = .005;

  /** Beyond this, peers call an interval failed: twice the rate of the service. */
  private static final double THRESHOLD = .01;

  private static final String TEMPERED = "sluice, dispersion 5";
  private static final String ONCE = "sluice, bursts once";

  private ErrorScenarios() {}

  static List<Scenario> all() {
    return List.of(
        alike("errors .5%, 60 looks of 250+250", RATE, 250, 250, THRESHOLD),
        alike("errors 5%, 60 looks of 250+250", .05, 250, 250, .10),
        alike("errors .5%, 60 looks of 250+2250", RATE, 250, 2250, THRESHOLD),
        rampUnderDrift(),
        manyLooks(),
        bursts(),
        canary("errors .5->1%, 60 looks of 250+250", .01, 250, 250),
        canary("errors .5->2%, 60 looks of 250+250", .02, 250, 250),
        canary("errors .5->1%, 60 looks of 250+2250", .01, 250, 2250),
        late(),
        sequential("errors .5->1%, looks of 10+10", .01, 10, 10, overLimit(1.30), OVER_SPRT),
        sequential("errors .5->2%, looks of 10+10", .02, 10, 10, overLimit(1.40), OVER_SPRT),
        sequential("errors .5->1%, looks of 10+90", .01, 10, 90, OVER_SPRT),
        sequential("errors .5->2%, looks of 10+90", .02, 10, 90, OVER_SPRT),
        sequential("errors .5->100%, looks of 10+10", 1, 10, 10),
        sequential(
            "errors .5->100%, looks of 1+99",
            1, 1, 99, new Goal(Evidence.SLUICE, Measure.MOST, 5)));
  }

  private static final Goal OVER_SPRT = new Goal(Evidence.SLUICE, Measure.OVER_SPRT, 1.40);

  private static Goal overLimit(double atMost) {
    return new Goal(Evidence.SLUICE, Measure.OVER_LIMIT, atMost);
  }

  /** Everyone who is tried on errors. */
  private static SequencedMap<String, Judge<Events>> judges(Judge<Events> own, double threshold) {
    SequencedMap<String, Judge<Events>> judges = new LinkedHashMap<>();
    judges.put(Evidence.SLUICE, own);
    judges.put(KayentaStyle.NAME, KayentaStyle.ofEvents());
    judges.put(FlaggerStyle.NAME, new FlaggerStyle<>(b -> b.candidateRate() > threshold));
    judges.put(ArgoStyle.NAME, new ArgoStyle<>(b -> b.candidateRate() > threshold));
    judges.put(PeekingZTest.NAME, PeekingZTest.ofEvents());
    return judges;
  }

  /** Sluice's own, over a plan of so many stages. */
  private static Judge<Events> own(int stages, double dispersion) {
    EventKernel kernel = EventKernel.fail(1);
    return Evidence.staged(
        kernel,
        b -> Kernel.tempered(kernel.logIncrements(b.candidate(), b.stable()), dispersion),
        stages,
        LOOKS / stages);
  }

  private static Judge<Events> own() {
    EventKernel kernel = EventKernel.fail(1);
    return Evidence.oneStage(kernel, b -> kernel.logIncrements(b.candidate(), b.stable()));
  }

  /** Sluice's own, where a look is one second of one replica of each version. */
  private static Judge<Events> once() {
    EventKernel kernel = EventKernel.fail(1);
    PastMean[] usual = {PastMean.ofHistory(0, 1)};
    return Evidence.oneStage(
        kernel,
        b -> {
          int requests = (int) Math.min(b.candidate().requests(), b.stable().requests());
          int drawn = Bursts.drawn(usual[0].value(), requests);
          usual[0] = usual[0].plus(b.stable());
          return kernel.logIncrements(scored(b.candidate(), drawn), scored(b.stable(), drawn));
        });
  }

  private static EventCounts scored(EventCounts second, int drawn) {
    return new EventCounts(1, Bursts.score((int) second.requests(), (int) second.events(), drawn));
  }

  private static History<Events> history(
      IntFunction<Events> batch, SequencedMap<String, Judge<Events>> judges) {
    return new History<>(batch, Events::candidates, judges);
  }

  private static Events draw(
      SplittableRandom random, int candidates, double candidateRate, int stables, double rate) {
    return new Events(
        Draws.events(random, candidates, candidateRate), Draws.events(random, stables, rate));
  }

  private static Scenario alike(
      String name, double rate, int candidates, int stables, double threshold) {
    return Scenario.alike(
        name,
        LOOKS,
        random ->
            history(
                look -> draw(random, candidates, rate, stables, rate), judges(own(), threshold)),
        Evidence.SLUICE);
  }

  /** The rate of both climbs tenfold while the candidate's share does fiftyfold. */
  private static Scenario rampUnderDrift() {
    return Scenario.alike(
        "errors .2->2% in both, ramp 1..50% of 1000, 60 looks",
        LOOKS,
        random ->
            history(
                look -> {
                  int candidates = (int) (1000 * RAMP[look * RAMP.length / LOOKS]);
                  double rate = .002 * Math.pow(10, look / (LOOKS - 1.0));
                  return draw(random, candidates, rate, 1000 - candidates, rate);
                },
                judges(own(RAMP.length, 1), THRESHOLD)),
        Evidence.SLUICE);
  }

  /** Whoever looks often must not be wrong more often. Peers need intervals, and sit out. */
  private static Scenario manyLooks() {
    return Scenario.alike(
        "errors .5%, 3000 looks of 10+10",
        3_000,
        random -> {
          SequencedMap<String, Judge<Events>> judges = new LinkedHashMap<>();
          judges.put(Evidence.SLUICE, own());
          judges.put(PeekingZTest.NAME, PeekingZTest.ofEvents());
          return history(look -> draw(random, 10, RATE, 10, RATE), judges);
        },
        Evidence.SLUICE);
  }

  /**
   * One outage, several errors: no test of single requests keeps its bound unless it is told. The
   * variance is five times that of independent errors.
   */
  private static Scenario bursts() {
    return Scenario.alike(
        "errors .5% in bursts of 3, 60 looks of 250+250",
        LOOKS,
        random -> {
          SequencedMap<String, Judge<Events>> judges = judges(own(), THRESHOLD);
          judges.putFirst(ONCE, once());
          judges.putFirst(TEMPERED, own(1, 5));
          return history(
              look -> new Events(Draws.bursts(random, 250, RATE), Draws.bursts(random, 250, RATE)),
              judges);
        },
        TEMPERED,
        ONCE);
  }

  private static Scenario canary(String name, double rate, int candidates, int stables) {
    return worse(
        name,
        LOOKS,
        rate,
        candidates,
        stables,
        best -> {
          SequencedMap<String, Judge<Events>> judges = judges(own(), THRESHOLD);
          judges.put(Outcome.SPRT, best.sprtOfEvents(Evidence.LIMIT));
          return judges;
        });
  }

  /** As many looks as it takes. */
  private static Scenario sequential(
      String name, double rate, int candidates, int stables, Goal... goals) {
    return worse(
        name,
        20_000,
        rate,
        candidates,
        stables,
        best -> {
          SequencedMap<String, Judge<Events>> judges = new LinkedHashMap<>();
          judges.put(Evidence.SLUICE, own());
          judges.put(Outcome.SPRT, best.sprtOfEvents(Evidence.LIMIT));
          return judges;
        },
        goals);
  }

  private static Scenario worse(
      String name,
      int looks,
      double rate,
      int candidates,
      int stables,
      Function<TwoSample, SequencedMap<String, Judge<Events>>> judges,
      Goal... goals) {
    TwoSample best = TwoSample.ofRates(rate, RATE, (double) candidates / (candidates + stables));
    return Scenario.worse(
        name,
        looks,
        best.limit(Evidence.LIMIT),
        random ->
            history(look -> draw(random, candidates, rate, stables, RATE), judges.apply(best)),
        goals);
  }

  /** Sound for half of a canary of five steps. */
  private static Scenario late() {
    int onset = LOOKS / 2;
    return Scenario.worse(
            "errors .5->2% from look 31 of 60, 250+250",
            LOOKS,
            TwoSample.ofRates(.02, RATE, .5).limit(Evidence.LIMIT),
            random ->
                history(
                    look -> draw(random, 250, look < onset ? RATE : .02, 250, RATE),
                    judges(own(RAMP.length, 1), THRESHOLD)))
        .from(onset);
  }
}
