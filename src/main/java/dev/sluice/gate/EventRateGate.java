package dev.sluice.gate;

import dev.sluice.model.Effect;
import dev.sluice.model.Release;
import dev.sluice.model.Verdict;
import dev.sluice.stats.EventCounts;
import dev.sluice.stats.Prior;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
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
 *   <li>{@code bursts} (errors of the router: once; else each): whether what happens to one replica
 *       in one second counts towards failing once, however many requests met it, or each request by
 *       itself. An outage of a moment is one event; counted by requests, it alone would roll back a
 *       release that changed nothing. Garbage is of the model and the request, not of the moment
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
 * rollbacks: it fails at once where for three seconds no request of a user to the candidate went
 * right, five at least, while stable was well. That is too long to be a burst.
 *
 * <p>Where stable has several replicas the same test compares them with each other ({@link
 * Environment}): while it finds them to differ, the candidate isn't failed automatically.
 *
 * <p>Where the candidate stands alone it is judged by the service's availability, or by the rate
 * stable had in this release where that was worse; the absolute margin is added for passing.
 */
abstract class EventRateGate extends StatisticalGate<EventRateGate.Settings, EventTally> {
  private static final String ONCE = "once";
  private static final String EACH = "each";

  private final Predicate<Answered> bad;
  private final String noun;
  private final String verb;
  private final boolean afterWarmUp;
  private final boolean burstsOnce;

  /**
   * @param noun what bad requests are, as in {@code failed requests}
   * @param verb what a bad request did, as in {@code the candidate failed 3 of 412 requests}
   * @param afterWarmUp whether a server that is still warming up is excused
   * @param burstsOnce whether a burst counts once unless the gate says otherwise
   */
  EventRateGate(
      Predicate<Answered> bad, String noun, String verb, boolean afterWarmUp, boolean burstsOnce) {
    super(EventTally.class);
    this.bad = bad;
    this.noun = noun;
    this.verb = verb;
    this.afterWarmUp = afterWarmUp;
    this.burstsOnce = burstsOnce;
  }

  /**
   * @param ratio the candidate's rate may be so many times stable's, for it to pass
   * @param absolute or so much above it
   * @param once whether a burst counts once
   */
  record Settings(double ratio, double absolute, boolean once, Common common) {
    /** Counters tell no pairs: in shadow, too, they are of two versions in the same time. */
    boolean isPaired() {
      return common.origin() instanceof Origin.Own;
    }

    /**
     * @param phi the evidence towards failing is divided by it
     */
    EventTests tests(double phi) {
      return new EventTests(ratio, absolute, phi);
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
        1 + margin.share("ratio", 1, .01, 100, "this part of stable's rate"),
        margin.share("absolute", .005, .00001, .5, "or this many points"),
        once(p, origin),
        Common.read(p, origin, DispersionSetting.read(p, 1, origin)));
  }

  private boolean once(Parameters p, Origin origin) {
    boolean counters = origin instanceof Origin.Metrics;
    boolean once =
        p.word(
                "bursts",
                burstsOnce && !counters ? ONCE : EACH,
                Set.of(ONCE, EACH),
                "whether what happens to one replica in one second counts once, or each request by itself")
            .equals(ONCE);
    if (once && counters) {
      p.wrong(
          "bursts",
          "must be '%s' where the signal is metrics: they don't tell one request from another, was '%s'"
              .formatted(EACH, ONCE));
    }
    return once;
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
  final EventTally fresh() {
    return EventTally.NONE;
  }

  @Override
  final EventTally entering(EventTally before) {
    return before.entering();
  }

  @Override
  final Measured<EventTally> measure(Glance<Settings, EventTally> look) {
    EventTally tally = new EventCounting(bad, afterWarmUp, look).tally();
    return new Measured<>(tally, tally.outage().tooLong() ? down(tally.outage()) : null);
  }

  private Verdict down(EventTally.Outage outage) {
    return new Verdict.Fail(
        "the candidate %s all of its last %s requests, over %s s, while stable was well"
            .formatted(verb, Words.count(outage.requests()), outage.seconds()));
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
  static double objective(Glance<Settings, EventTally> look) {
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

  private static boolean inPairs(Glance<Settings, EventTally> look) {
    return look.segment() == Segment.SHADOW && look.settings().isPaired();
  }

  @Override
  final Map<Segment, Prior> failPriors(Glance<Settings, EventTally> look) {
    return EventTests.fail(look.settings().isPaired());
  }

  @Override
  final List<Prior> passPriors(Glance<Settings, EventTally> look) {
    return EventTests.pass(look.segment(), look.settings().isPaired());
  }

  @Override
  final String seen(Glance<Settings, EventTally> look) {
    EventTally tally = look.memory();
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
  final @Nullable Effect effect(Glance<Settings, EventTally> look) {
    return Effects.difference(
        look.settings().once() ? noun + ", second by second" : noun,
        look.ledger().effect,
        look.phi());
  }

  @Override
  final void statistics(Glance<Settings, EventTally> look, SequencedMap<String, String> into) {
    EventTally tally = look.memory();
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
