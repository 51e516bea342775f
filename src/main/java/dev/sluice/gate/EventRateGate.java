package dev.sluice.gate;

import dev.sluice.model.Pair;
import dev.sluice.model.Release;
import dev.sluice.stats.EventCounts;
import dev.sluice.stats.PairCounts;
import dev.sluice.stats.PastMean;
import dev.sluice.stats.Prior;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.function.Predicate;

/**
 * How often something bad happens to a request, in the candidate and in stable. Parameters of all
 * gates of this form:
 *
 * <ul>
 *   <li>{@code margin.ratio} (100%) and {@code margin.absolute} (0.5%): it passes once the
 *       candidate's rate is shown to be above stable's by less than the greater of the two: this
 *       part of stable's rate, or this many points
 *   <li>{@code dispersion} (1): the evidence towards failing is divided by it; above 1 where bad
 *       requests come in bursts (design section 7). One replica an arm leaves it unmeasured
 *   <li>{@code falsePass} (5%): chance of passing a candidate that is worse by the margin
 *   <li>{@code dataWithin} (30s): without a request of the candidate for so long, inconclusive
 *   <li>{@code signal} (router)
 * </ul>
 *
 * <p>Where the candidate stands alone it is judged by the service's availability, or by the rate
 * stable had in this release where that was worse; the absolute margin is added for passing.
 */
abstract class EventRateGate extends StatisticalGate<EventRateGate.Settings, EventRateGate.Tally> {
  private final Predicate<Answered> bad;
  private final String verb;
  private final boolean afterWarmUp;

  /**
   * @param verb what a bad request did, as in {@code the candidate failed 3 of 412 requests}
   * @param afterWarmUp whether a server that is still warming up is excused
   */
  EventRateGate(Predicate<Answered> bad, String verb, boolean afterWarmUp) {
    super(Tally.class);
    this.bad = bad;
    this.verb = verb;
    this.afterWarmUp = afterWarmUp;
  }

  record Settings(EventTests tests, Common common) {
    /** Counters tell no pairs: in shadow, too, they are of two versions in the same time. */
    boolean isPaired() {
      return common.origin() instanceof Origin.Own;
    }
  }

  /**
   * Counts of the present segment, and of stable while users were split.
   *
   * @param better pairs in which stable alone did badly
   * @param worse pairs in which the candidate alone did
   * @param beside what stable did while it answered users beside the candidate
   */
  record Tally(
      EventCounts candidate, EventCounts stable, double worse, double better, EventCounts beside) {
    static final Tally NONE = new Tally(EventCounts.NONE, EventCounts.NONE, 0, 0, EventCounts.NONE);

    Tally plus(EventCounts moreCandidate, EventCounts moreStable) {
      return new Tally(
          candidate.plus(moreCandidate), stable.plus(moreStable), worse, better, beside);
    }
  }

  @Override
  final Settings settings(Parameters p) {
    Origin origin = origin(p);
    MetricEvents.check(p, origin);
    Parameters margin =
        p.nested(
            "margin",
            "it passes once the candidate's rate is shown to be above stable's by less than the greater of the two");
    return new Settings(
        new EventTests(
            1 + margin.share("ratio", 1, .01, 100, "this part of stable's rate"),
            margin.share("absolute", .005, .00001, .5, "or this many points"),
            p.number(
                "dispersion",
                1,
                1,
                1000,
                "divides the evidence towards failing; above 1 where bad requests come in bursts")),
        Common.read(p, origin));
  }

  /** Where its counts may come from. */
  Origin origin(Parameters p) {
    return Origin.read(p, "router", MetricEvents.QUANTITIES);
  }

  @Override
  final Common common(Settings settings) {
    return settings.common();
  }

  @Override
  final Tally fresh() {
    return Tally.NONE;
  }

  @Override
  final Tally entering(Tally before) {
    return new Tally(EventCounts.NONE, EventCounts.NONE, 0, 0, before.beside());
  }

  @Override
  final Measured<Tally> measure(Glance<Settings, Tally> look) {
    if (look.settings().common().origin() instanceof Origin.Metrics metrics) {
      ArmCounts counts = MetricEvents.next(look, metrics, afterWarmUp);
      return Measured.of(
          counts == null
              ? look.memory()
              : look.segment() == Segment.ALONE
                  ? alone(look, look.memory(), counts)
                  : split(look, look.memory(), counts));
    }
    return Measured.of(
        switch (look.segment()) {
          case SHADOW -> paired(look);
          case SPLIT -> split(look);
          case ALONE -> alone(look);
        });
  }

  private Tally paired(Glance<Settings, Tally> look) {
    Tally tally = look.memory();
    for (List<Pair> pairs : look.ledger().pairs(look.context(), afterWarmUp)) {
      tally = paired(look, tally, pairs);
    }
    return tally;
  }

  private Tally paired(Glance<Settings, Tally> look, Tally before, List<Pair> pairs) {
    Ledger ledger = look.ledger();
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
    ledger.step(
        look.course(),
        Segment.SHADOW,
        look.at(),
        look.settings().tests().paired(counts),
        began(candidate, look.since()));
    ledger.measured(pairs.size());
    Tally sum = before.plus(counts(candidate), counts(stable));
    return new Tally(
        sum.candidate(), sum.stable(), sum.worse() + worse, sum.better() + better, sum.beside());
  }

  private Tally split(Glance<Settings, Tally> look) {
    Tally tally = look.memory();
    for (Arms arms : Arms.of(look.ledger(), look.context(), afterWarmUp, answered -> true)) {
      tally =
          split(
              look,
              tally,
              new ArmCounts(
                  counts(arms.candidate()),
                  counts(arms.stable()),
                  began(arms.candidate(), look.since())));
    }
    return tally;
  }

  private Tally split(Glance<Settings, Tally> look, Tally before, ArmCounts arms) {
    Ledger ledger = look.ledger();
    EventCounts c = arms.candidate();
    EventCounts s = arms.stable();
    double centre = PastMean.ofHistory(0, 1).plus(before.candidate()).plus(before.stable()).value();
    ledger.step(
        look.course(),
        look.segment(),
        look.at(),
        look.settings().tests().split(centre, c, s),
        arms.began());
    ledger.measured((long) c.requests());
    Tally sum = before.plus(c, s);
    return new Tally(
        sum.candidate(), sum.stable(), sum.worse(), sum.better(), before.beside().plus(s));
  }

  private Tally alone(Glance<Settings, Tally> look) {
    Tally tally = look.memory();
    for (List<Answered> answers : look.ledger().candidateAlone(look.context(), afterWarmUp)) {
      tally =
          alone(
              look,
              tally,
              new ArmCounts(counts(answers), EventCounts.NONE, began(answers, look.since())));
    }
    return tally;
  }

  private Tally alone(Glance<Settings, Tally> look, Tally before, ArmCounts arm) {
    Ledger ledger = look.ledger();
    EventCounts c = arm.candidate();
    ledger.step(
        look.course(),
        Segment.ALONE,
        look.at(),
        look.settings().tests().alone(objective(look), c),
        arm.began());
    ledger.measured((long) c.requests());
    return before.plus(c, EventCounts.NONE);
  }

  /** Share of requests that are bad in the sense of this gate; empty where that isn't known. */
  abstract OptionalDouble rate(ExpectedTraffic traffic);

  @Override
  public final Optional<Forecast.Source> forecast(Forecast.Outlook outlook) {
    Settings settings = settings(new Parameters(outlook.gate().parameters()));
    OptionalDouble rate = rate(outlook.traffic());
    return rate.isEmpty()
        ? Optional.empty()
        : Optional.of(EventForecast.source(outlook, settings, rate.getAsDouble()));
  }

  /**
   * The rate that the candidate alone is held to. Stable's counts can't change any more once the
   * candidate stands alone, so this is fixed before the data it judges.
   */
  private static double objective(Glance<Settings, Tally> look) {
    boolean compared = look.context().release().comparison() == Release.Comparison.STABLE;
    return objective(
        look.context().service().slo().availability(),
        compared ? look.memory().beside() : EventCounts.NONE);
  }

  /**
   * @param beside what stable did while it answered users beside the candidate
   */
  static double objective(double availability, EventCounts beside) {
    double measured = beside.requests() > 0 ? beside.events() / beside.requests() : 0;
    return Math.clamp(Math.max(1 - availability, measured), 1e-6, .5);
  }

  private EventCounts counts(List<Answered> answers) {
    return new EventCounts(answers.size(), answers.stream().filter(bad).count());
  }

  private static boolean inPairs(Glance<Settings, Tally> look) {
    return look.segment() == Segment.SHADOW && look.settings().isPaired();
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
  final Map<Segment, Prior> failPriors(Glance<Settings, Tally> look) {
    return EventTests.fail(look.settings().isPaired());
  }

  @Override
  final List<Prior> passPriors(Glance<Settings, Tally> look) {
    return EventTests.pass(look.segment(), look.settings().isPaired());
  }

  @Override
  final String seen(Glance<Settings, Tally> look) {
    Tally tally = look.memory();
    String candidate =
        "the candidate %s %s requests"
            .formatted(verb, Words.part(tally.candidate().events(), tally.candidate().requests()));
    return switch (look.segment()) {
      case SHADOW ->
          "%s, stable %s%s"
              .formatted(
                  candidate,
                  Words.part(tally.stable().events(), tally.stable().requests()),
                  inPairs(look) ? " of the same" : "");
      case SPLIT ->
          "%s, stable %s"
              .formatted(candidate, Words.part(tally.stable().events(), tally.stable().requests()));
      case ALONE -> "%s, where %s are allowed".formatted(candidate, Words.percent(objective(look)));
    };
  }

  @Override
  final void statistics(Glance<Settings, Tally> look, SequencedMap<String, String> into) {
    Tally tally = look.memory();
    into.put(
        "candidate " + verb, Words.part(tally.candidate().events(), tally.candidate().requests()));
    if (look.segment() != Segment.ALONE) {
      into.put("stable " + verb, Words.part(tally.stable().events(), tally.stable().requests()));
    }
    if (inPairs(look)) {
      into.put("pairs in which only the candidate did", Words.count(tally.worse()));
      into.put("pairs in which only stable did", Words.count(tally.better()));
    }
  }
}
