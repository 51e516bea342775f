package dev.sluice.bench;

import dev.sluice.stats.BoundedKernel;
import dev.sluice.stats.EventKernel;
import dev.sluice.stats.Merge;
import dev.sluice.stats.PairedKernel;
import dev.sluice.stats.PastMean;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.function.Function;

/** A candidate exactly as bad as the margin must hardly ever pass. */
final class PassScenarios {
  private static final int LOOKS = 60;

  private PassScenarios() {}

  static List<Scenario> all() {
    return List.of(
        of("errors .5->1%, margin x2 or +.5pp, 60 looks of 250+250", PassScenarios::errors),
        of("p50 at +10%, 60 looks of 250+250", PassScenarios::median),
        of("p95 at +25%, 60 looks of 250+250", random -> exceedances(random, .05)),
        of("p99 at +25%, 60 looks of 250+250", random -> exceedances(random, .01)),
        of("paired quality at -.02, 60 looks of 25", PassScenarios::quality));
  }

  private static Scenario of(String name, Function<SplittableRandom, History<?>> start) {
    return Scenario.atTheMargin(name, LOOKS, start, Evidence.SLUICE);
  }

  private static <B> SequencedMap<String, Judge<B>> alone(Judge<B> judge) {
    SequencedMap<String, Judge<B>> judges = new LinkedHashMap<>();
    judges.put(Evidence.SLUICE, judge);
    return judges;
  }

  private static History<Events> errors(SplittableRandom random) {
    return twoArms(random, .01, .005, new RatioOrPoints());
  }

  /** Errors: the mean of two e-processes, one for the ratio and one for the absolute margin. */
  private static final class RatioOrPoints implements Judge<Events> {
    private static final double LIMIT = Merge.limit(Evidence.BETA);
    private final EventKernel ratio = EventKernel.pass(2);
    private final BoundedKernel points = BoundedKernel.passEvents(.005);
    private final Side byRatio = new Side(ratio);
    private final Side byPoints = new Side(points);
    private final Merge mean = Merge.equal(2);
    private PastMean centre = PastMean.ofHistory(.005, 1000);
    private double start = 1;

    @Override
    public boolean decides(Events batch) {
      byRatio.step(start, ratio.logIncrements(batch.candidate(), batch.stable()));
      byPoints.step(start, points.logIncrements(centre.value(), batch.candidate(), batch.stable()));
      start = 0;
      centre = centre.plus(batch.candidate()).plus(batch.stable());
      return mean.logE(byRatio.logE(), byPoints.logE()) >= LIMIT;
    }
  }

  private static History<Events> median(SplittableRandom random) {
    BoundedKernel kernel = BoundedKernel.passMedian();
    return twoArms(
        random,
        .5,
        .5,
        Evidence.towardsPass(kernel, b -> kernel.logIncrements(.5, b.candidate(), b.stable())));
  }

  /** Each arm beyond its own limit equally often: the candidate is slower by just the margin. */
  private static History<Events> exceedances(SplittableRandom random, double rate) {
    EventKernel kernel = EventKernel.pass(1);
    return twoArms(
        random,
        rate,
        rate,
        Evidence.towardsPass(kernel, b -> kernel.logIncrements(b.candidate(), b.stable())));
  }

  private static History<Events> twoArms(
      SplittableRandom random, double rate, double stableRate, Judge<Events> judge) {
    return new History<>(
        look -> new Events(Draws.events(random, 250, rate), Draws.events(random, 250, stableRate)),
        Events::candidates,
        alone(judge));
  }

  private static History<double[]> quality(SplittableRandom random) {
    PairedKernel kernel = PairedKernel.pass(.02);
    Function<double[], double[]> increments = kernel::logIncrements;
    return new History<>(
        look -> Draws.normals(random, 25, .02, Draws.SCORE_DEVIATION),
        batch -> 25,
        alone(Evidence.towardsPass(kernel, increments)));
  }
}
