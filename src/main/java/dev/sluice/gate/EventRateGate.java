package dev.sluice.gate;

import dev.sluice.model.ModelService;
import dev.sluice.model.Pair;
import dev.sluice.model.Release;
import dev.sluice.model.Verdict;
import dev.sluice.stats.BoundedKernel;
import dev.sluice.stats.EventCounts;
import dev.sluice.stats.EventKernel;
import dev.sluice.stats.Kernel;
import dev.sluice.stats.PairCounts;
import dev.sluice.stats.PairedKernel;
import dev.sluice.stats.PastMean;
import dev.sluice.stats.Prior;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How often something bad happens to a request, in the candidate and in stable. Parameters of all
 * gates of this form:
 *
 * <ul>
 *   <li>{@code margin.ratio} (100%) and {@code margin.absolute} (0.5%): it passes once the
 *       candidate's rate is shown to be above stable's by less than the greater of the two: this
 *       part of stable's rate, or this many points
 *   <li>{@code bursts} (once for errors and timeouts, each for garbage): whether what happens to one
 *       replica in one second from one cause counts towards failing once, however many requests met
 *       it, or each request by itself. An outage of a moment is one event; counted by requests, it
 *       alone rolls back a release that changed nothing. Garbage is of the model and the request,
 *       not of the moment
 *   <li>{@code dispersion} (1): the evidence towards failing is divided by it; above 1 where bad
 *       requests come in bursts beyond that. {@code measured}: by how much stable differs from
 *       itself, over 30 windows at least; until it is known, a candidate with one replica isn't
 *       failed automatically
 *   <li>{@code falsePass} (5%): chance of passing a candidate that is worse by the margin
 *   <li>{@code dataWithin} (30s): without a request of the candidate for so long, inconclusive
 *   <li>{@code signal} (router)
 * </ul>
 *
 * <p>Where bursts count once, one more rule stands beside the evidence, outside its bound on false
 * rollbacks (design section 5): it fails at once where for three seconds no request to the candidate
 * went right, five at least, while stable was well.
 *
 * <p>Where the candidate stands alone it is judged by the service's availability, or by the rate
 * stable had in this release where that was worse; the absolute margin is added for passing.
 */
abstract class EventRateGate extends StatisticalGate<EventRateGate.Settings, EventTally> {
  private static final Prior HALVES =
      Halves.of(EventKernel.pass(2).prior(), BoundedKernel.passEvents(0).prior());
  private static final String ONCE = "once";

  private final Predicate<Answered> bad;
  private final String verb;
  private final boolean afterWarmUp;
  private final String bursts;

  /**
   * @param verb what a bad request did, as in {@code the candidate failed 3 of 412 requests}
   * @param afterWarmUp whether a server that is still warming up is excused
   * @param bursts how bursts count unless the gate says otherwise: once or each
   */
  EventRateGate(Predicate<Answered> bad, String verb, boolean afterWarmUp, String bursts) {
    super(EventTally.class);
    this.bad = bad;
    this.verb = verb;
    this.afterWarmUp = afterWarmUp;
    this.bursts = bursts;
  }

  record Settings(
      double ratio, double absolute, boolean once, DispersionSetting dispersion, Common common) {}

  @Override
  final Settings settings(Parameters p) {
    Parameters margin =
        p.nested(
            "margin",
            "it passes once the candidate's rate is shown to be above stable's by less than the greater of the two");
    return new Settings(
        1 + margin.share("ratio", 1, .01, 100, "this part of stable's rate"),
        margin.share("absolute", .005, .00001, .5, "or this many points"),
        p.word(
                "bursts",
                bursts,
                Set.of(ONCE, "each"),
                "whether what happens to one replica in one second from one cause counts once, or each request by itself")
            .equals(ONCE),
        DispersionSetting.read(p, 1),
        Common.read(p));
  }

  @Override
  final Common common(Settings settings) {
    return settings.common();
  }

  @Override
  final EventTally fresh() {
    return EventTally.NONE;
  }

  @Override
  final EventTally entering(EventTally before) {
    return before.entering();
  }

  private EventComparison comparison(Glance<Settings, EventTally> look) {
    return new EventComparison(bad, look.settings().once());
  }

  @Override
  final Measured<EventTally> measure(Glance<Settings, EventTally> look) {
    EventTally tally = look.memory();
    if (look.segment() != Segment.ALONE) {
      look.ledger().watchHistory(look.context(), look.settings().dispersion(), comparison(look));
    }
    switch (look.segment()) {
      case SHADOW -> {
        for (List<Pair> pairs : look.ledger().pairs(look.context(), afterWarmUp)) {
          tally = paired(look, tally, pairs);
        }
      }
      case SPLIT -> {
        for (Arms arms : Arms.of(look.ledger(), look.context(), afterWarmUp, answered -> true)) {
          tally = split(look, tally, arms);
        }
      }
      case ALONE -> {
        for (List<Answered> answers : look.ledger().candidateAlone(look.context(), afterWarmUp)) {
          tally = alone(look, tally, answers);
        }
      }
    }
    return new Measured<>(tally, tally.outage().isTotal() ? down(tally) : null);
  }

  private Verdict down(EventTally tally) {
    return new Verdict.Fail(
        "the candidate %s all of its last %s requests, over %s s and more, while stable was well"
            .formatted(
                verb, Words.count(tally.outage().requests()), tally.outage().seconds()));
  }

  private EventTally paired(
      Glance<Settings, EventTally> look, EventTally before, List<Pair> pairs) {
    Ledger ledger = look.ledger();
    EventComparison comparison = comparison(look);
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
    step(look, comparison.pairedIncrements(candidate, stable), candidate);
    ledger.stepPass(
        List.of(PairedKernel.passEvents(look.settings().absolute()).logIncrements(counts)));
    ledger.measured(pairs.size());
    ledger.watch(look.context(), look.settings().dispersion(), comparison, candidate, stable);
    return before.withPairs(comparison.counts(candidate), comparison.counts(stable), worse, better);
  }

  private EventTally split(Glance<Settings, EventTally> look, EventTally before, Arms arms) {
    Ledger ledger = look.ledger();
    Settings settings = look.settings();
    EventComparison comparison = comparison(look);
    EventCounts c = comparison.counts(arms.candidate());
    EventCounts s = comparison.counts(arms.stable());
    step(look, comparison.logIncrements(arms.candidate(), arms.stable()), arms.candidate());
    double centre = PastMean.ofHistory(0, 1).plus(before.candidate()).plus(before.stable()).value();
    ledger.stepPass(
        List.of(
            Halves.of(
                EventKernel.pass(settings.ratio()).logIncrements(c, s),
                BoundedKernel.passEvents(settings.absolute()).logIncrements(centre, c, s))));
    ledger.measured(arms.candidate().size());
    ledger.watch(
        look.context(), settings.dispersion(), comparison, arms.candidate(), arms.stable());
    return before.withUsers(
        c,
        s,
        settings.once()
            ? before.outage().plus(c, s, Answered.seconds(arms.candidate()))
            : EventTally.Outage.NONE);
  }

  private EventTally alone(
      Glance<Settings, EventTally> look, EventTally before, List<Answered> candidate) {
    EventComparison comparison = comparison(look);
    double rate = objective(look);
    EventCounts c = comparison.counts(candidate);
    step(look, comparison.aloneIncrements(candidate, rate), candidate);
    look.ledger()
        .stepPass(
            List.of(
                PairedKernel.oneSamplePass(rate + look.settings().absolute())
                    .logIncrements(PairCounts.ofOneArm(c))));
    look.ledger().measured(candidate.size());
    return before.alone(c);
  }

  private void step(
      Glance<Settings, EventTally> look, double[] logIncrements, List<Answered> candidate) {
    Ledger ledger = look.ledger();
    ledger.stepFail(
        look.course(),
        look.segment(),
        look.at(),
        Kernel.tempered(logIncrements, look.settings().dispersion().phi(ledger.environment)),
        began(candidate, look.since()));
  }

  /**
   * The rate that the candidate alone is held to. Stable's counts can't change any more once the
   * candidate stands alone, so this is fixed before the data it judges.
   */
  private static double objective(Glance<Settings, EventTally> look) {
    ModelService.Slo slo = look.context().service().slo();
    EventCounts beside = look.memory().beside();
    boolean known =
        look.context().release().comparison() == Release.Comparison.STABLE && beside.requests() > 0;
    double measured = known ? beside.events() / beside.requests() : 0;
    return Math.clamp(Math.max(1 - slo.availability(), measured), 1e-6, .5);
  }

  /** When the first bad request came; if there is none, when the batch began. */
  private Instant began(List<Answered> answers, Instant otherwise) {
    return answers.stream()
        .filter(bad)
        .map(Answered::start)
        .min(Comparator.naturalOrder())
        .orElseGet(() -> Answered.earliest(answers, otherwise));
  }

  @Override
  final Map<Segment, Prior> failPriors(Glance<Settings, EventTally> look) {
    Map<Segment, Prior> priors = new EnumMap<>(Segment.class);
    priors.put(Segment.SHADOW, EventComparison.pairedPrior());
    priors.put(Segment.SPLIT, EventKernel.fail(1).prior());
    priors.put(Segment.ALONE, PairedKernel.oneSampleFail(.5).prior());
    return priors;
  }

  @Override
  final List<Prior> passPriors(Glance<Settings, EventTally> look) {
    return List.of(
        switch (look.segment()) {
          case SHADOW -> PairedKernel.passEvents(0).prior();
          case SPLIT -> HALVES;
          case ALONE -> PairedKernel.oneSamplePass(.5).prior();
        });
  }

  @Override
  final String seen(Glance<Settings, EventTally> look) {
    EventTally tally = look.memory();
    String candidate =
        "the candidate %s %s requests"
            .formatted(verb, Words.part(tally.candidate().events(), tally.candidate().requests()));
    return switch (look.segment()) {
      case SHADOW ->
          "%s, stable %s of the same"
              .formatted(candidate, Words.part(tally.stable().events(), tally.stable().requests()));
      case SPLIT ->
          "%s, stable %s"
              .formatted(candidate, Words.part(tally.stable().events(), tally.stable().requests()));
      case ALONE -> "%s, where %s are allowed".formatted(candidate, Words.percent(objective(look)));
    };
  }

  @Override
  final void statistics(Glance<Settings, EventTally> look, SequencedMap<String, String> into) {
    EventTally tally = look.memory();
    into.put(
        "candidate " + verb, Words.part(tally.candidate().events(), tally.candidate().requests()));
    if (look.segment() != Segment.ALONE) {
      into.put("stable " + verb, Words.part(tally.stable().events(), tally.stable().requests()));
    }
    if (look.segment() == Segment.SHADOW) {
      into.put("pairs in which only the candidate did", Words.count(tally.worse()));
      into.put("pairs in which only stable did", Words.count(tally.better()));
    }
    into.put("dispersion", look.settings().dispersion().words(look.ledger().environment));
  }

  @Override
  final @Nullable String doubt(Glance<Settings, EventTally> look) {
    return look.settings().dispersion().doubt(look.ledger().environment);
  }
}
