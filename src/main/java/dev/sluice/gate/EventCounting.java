package dev.sluice.gate;

import dev.sluice.gate.EventRateGate.Settings;
import dev.sluice.model.Pair;
import dev.sluice.stats.EventCounts;
import dev.sluice.stats.PairCounts;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a look of an {@link EventRateGate} counts, and takes into its evidence.
 *
 * @param bad whether something bad happened
 * @param afterWarmUp whether a server that is still warming up is excused
 */
record EventCounting(
    Predicate<Answered> bad, boolean afterWarmUp, Glance<Settings, EventTally> look) {

  /** With all that can be used now. */
  EventTally tally() {
    EventTally tally = look.memory();
    if (look.settings().common().origin() instanceof Origin.Metrics metrics) {
      return counted(metrics, tally);
    }
    if (look.segment() != Segment.ALONE) {
      look.watchedPast(comparison(tally));
    }
    switch (look.segment()) {
      case SHADOW -> {
        for (List<Pair> pairs : look.ledger().pairs(look.context(), afterWarmUp)) {
          tally = paired(tally, pairs);
        }
      }
      case SPLIT -> {
        for (Arms arms : Arms.of(look.ledger(), look.context(), afterWarmUp, answered -> true)) {
          tally = split(tally, arms);
        }
      }
      case ALONE -> {
        for (List<Answered> answers : look.ledger().candidateAlone(look.context(), afterWarmUp)) {
          tally = alone(tally, answers);
        }
      }
    }
    return tally;
  }

  private EventComparison comparison(EventTally before) {
    return new EventComparison(
        look.settings().tests(look.phi()), bad, look.settings().once(), before);
  }

  private EventTally counted(Origin.Metrics metrics, EventTally before) {
    ArmCounts counts = MetricEvents.next(look, metrics, afterWarmUp);
    if (counts == null) {
      return before;
    }
    EventTests tests = look.settings().tests(look.phi());
    EventCounts c = counts.candidate();
    EventCounts s = counts.stable();
    if (look.segment() == Segment.ALONE) {
      double objective = EventRateGate.objective(look);
      Increments increments =
          new Increments(tests.aloneFail(objective, c), tests.alonePass(objective, c));
      look.took(increments, (long) c.requests(), counts.began());
      return before.plusAlone(c);
    }
    double rate = before.rate();
    Increments increments = new Increments(tests.splitFail(c, s), tests.splitPass(rate, c, s));
    look.took(increments, (long) c.requests(), counts.began());
    look.ledger().effect = look.ledger().effect.plusArms(rate, c, s);
    return before.plusUsers(c, s, EventTally.Outage.NONE);
  }

  private EventTally paired(EventTally before, List<Pair> pairs) {
    List<Answered> candidate = Answered.ofCandidate(pairs);
    List<Answered> stable = Answered.ofStable(pairs);
    long worse = 0;
    long better = 0;
    for (int i = 0; i < pairs.size(); i++) {
      boolean c = bad.test(candidate.get(i));
      boolean s = bad.test(stable.get(i));
      worse += c && !s ? 1 : 0;
      better += s && !c ? 1 : 0;
    }
    PairCounts counts = new PairCounts(worse, better, pairs.size() - worse - better);
    EventComparison comparison = comparison(before);
    look.took(
        new Increments(comparison.pairedIncrements(counts), comparison.tests().pairedPass(counts)),
        pairs.size(),
        began(candidate));
    look.watched(comparison, candidate, stable);
    look.ledger().effect = comparison.effect(look.ledger().effect, counts);
    return before.plusPairs(
        ReplicaSeconds.of(candidate, bad).counts(),
        ReplicaSeconds.of(stable, bad).counts(),
        counts);
  }

  private EventTally split(EventTally before, Arms arms) {
    EventComparison comparison = comparison(before);
    ReplicaSeconds candidate = ReplicaSeconds.of(arms.candidate(), bad);
    ReplicaSeconds stable = ReplicaSeconds.of(arms.stable(), bad);
    EventCounts c = candidate.counts();
    EventCounts s = stable.counts();
    look.took(
        new Increments(
            comparison.logIncrements(candidate, stable),
            comparison.tests().splitPass(before.rate(), c, s)),
        arms.candidate().size(),
        began(arms.candidate()));
    look.watched(comparison, arms.candidate(), arms.stable());
    look.ledger().effect = comparison.effect(look.ledger().effect, candidate, stable);
    return before.plusUsers(
        c,
        s,
        look.settings().once()
            ? before.outage().plus(c, s, candidate.seconds())
            : EventTally.Outage.NONE);
  }

  private EventTally alone(EventTally before, List<Answered> answers) {
    double objective = EventRateGate.objective(look);
    EventComparison comparison = comparison(before);
    ReplicaSeconds candidate = ReplicaSeconds.of(answers, bad);
    look.took(
        new Increments(
            comparison.aloneIncrements(objective, candidate),
            comparison.tests().alonePass(objective, candidate.counts())),
        answers.size(),
        began(answers));
    look.watchedAlone(answers);
    return before.plusAlone(candidate.counts());
  }

  /** When the first bad request came; if there is none, when the batch began. */
  private Instant began(List<Answered> answers) {
    return answers.stream()
        .filter(bad)
        .map(Answered::start)
        .min(Comparator.naturalOrder())
        .orElseGet(() -> Answered.earliest(answers, look.since()));
  }
}
