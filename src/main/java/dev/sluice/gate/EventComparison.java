package dev.sluice.gate;

import dev.sluice.stats.EventCounts;
import dev.sluice.stats.EventKernel;
import dev.sluice.stats.PairCounts;
import dev.sluice.stats.PairedKernel;
import dev.sluice.stats.Prior;
import dev.sluice.stats.ScoreSample;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * How often something bad happened, towards failing.
 *
 * @param once whether what happened to one replica in one second from one cause counts once, instead
 *     of once for each request that met it
 */
record EventComparison(Predicate<Answered> bad, boolean once) implements Comparison {
  private static final EventKernel KERNEL = EventKernel.fail(1);
  private static final PairedKernel PAIRED = PairedKernel.failEvents(0);

  EventCounts counts(List<Answered> answers) {
    return new EventCounts(answers.size(), answers.stream().filter(bad).count());
  }

  @Override
  public double[] logIncrements(List<Answered> candidate, List<Answered> stable) {
    if (!once) {
      return KERNEL.logIncrements(counts(candidate), counts(stable));
    }
    ReplicaSeconds c = ReplicaSeconds.of(candidate, bad);
    ReplicaSeconds s = ReplicaSeconds.of(stable, bad);
    int drawn = Math.min(c.fewest(), s.fewest());
    double[] sum = new double[prior().size()];
    for (int cause : causes(c, s)) {
      add(
          sum,
          KERNEL.logIncrements(
              new EventCounts(c.size(), c.score(cause, drawn)),
              new EventCounts(s.size(), s.score(cause, drawn))));
    }
    return sum;
  }

  @Override
  public Prior prior() {
    return KERNEL.prior();
  }

  /** What pairs of one second say; of a pair in which both did badly nothing. */
  double[] pairedIncrements(List<Answered> candidate, List<Answered> stable) {
    ReplicaSeconds worse = new ReplicaSeconds();
    ReplicaSeconds better = new ReplicaSeconds();
    int onlyCandidate = 0;
    int onlyStable = 0;
    for (int i = 0; i < candidate.size(); i++) {
      boolean c = bad.test(candidate.get(i));
      boolean s = bad.test(stable.get(i));
      onlyCandidate += c && !s ? 1 : 0;
      onlyStable += s && !c ? 1 : 0;
      worse.add(candidate.get(i), c && !s);
      better.add(stable.get(i), s && !c);
    }
    if (!once) {
      return PAIRED.logIncrements(
          new PairCounts(onlyCandidate, onlyStable, candidate.size() - onlyCandidate - onlyStable));
    }
    int drawn = Math.min(worse.fewest(), better.fewest());
    double[] differences =
        causes(worse, better).stream()
            .mapToDouble(
                cause ->
                    worse.score(cause, drawn) / worse.size()
                        - better.score(cause, drawn) / better.size())
            .toArray();
    return PAIRED.logIncrements(differences);
  }

  static Prior pairedPrior() {
    return PAIRED.prior();
  }

  /**
   * What the candidate alone says against a rate it must keep. A replica's second is then as bad as
   * the share of its requests that were.
   */
  double[] aloneIncrements(List<Answered> candidate, double rate) {
    PairedKernel kernel = PairedKernel.oneSampleFail(rate);
    return once
        ? kernel.logIncrements(ReplicaSeconds.of(candidate, bad).shares())
        : kernel.logIncrements(PairCounts.ofOneArm(counts(candidate)));
  }

  @Override
  public List<ScoreSample> scores(List<Answered> answers) {
    if (once) {
      double[] shares = ReplicaSeconds.of(answers, bad).shares();
      return List.of(
          new ScoreSample(
              shares.length,
              Arrays.stream(shares).sum(),
              Arrays.stream(shares).map(share -> share * share).sum()));
    }
    EventCounts counts = counts(answers);
    return List.of(new ScoreSample(counts.requests(), counts.events(), counts.events()));
  }

  /** What counts once a second needs more of them. */
  @Override
  public int windowSeconds() {
    return once ? 10 : 1;
  }

  private static Set<Integer> causes(ReplicaSeconds a, ReplicaSeconds b) {
    Set<Integer> causes = new TreeSet<>(a.causes());
    causes.addAll(b.causes());
    return causes;
  }

  private static void add(double[] sum, double[] more) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] += more[j];
    }
  }
}
