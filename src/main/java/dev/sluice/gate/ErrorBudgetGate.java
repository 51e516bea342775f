package dev.sluice.gate;

import dev.sluice.model.GateReport;
import dev.sluice.model.Problem;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Release;
import dev.sluice.model.Unavailable;
import dev.sluice.model.Verdict;
import dev.sluice.signal.metrics.MetricSignals;
import dev.sluice.signal.metrics.Prometheus;
import dev.sluice.signal.metrics.Series;
import dev.sluice.signal.promql.Matcher;
import dev.sluice.signal.promql.Selector;
import dev.sluice.signal.promql.SyntaxError;
import dev.sluice.signal.promql.Template;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What users of the service lose of its error budget, whichever version answers them: by
 * multi-window burn rates (Google, The Site Reliability Workbook, chapter 5). A burn rate of 1
 * spends the budget just within the SLO's window. Burning 14.4 times as fast over an hour and five
 * minutes, or 6 times over six hours and half an hour, fails if it didn't when the present split
 * began; if it did, and where it burns slowly over three days, or the budget is spent, the release
 * is held. A release that mends a broken stable version isn't asked (law 12).
 */
@Singleton
final class ErrorBudgetGate implements GateKind {
  static final String KIND = "error-budget";
  private static final Set<String> SERVICE = Set.of("service");

  private static final List<Alert> FAST =
      List.of(
          new Alert(14.4, Duration.ofHours(1), Duration.ofMinutes(5)),
          new Alert(6, Duration.ofHours(6), Duration.ofMinutes(30)));
  private static final Alert SLOW = new Alert(1, Duration.ofDays(3), Duration.ofHours(6));

  /** Burning at a rate in both windows: in the long one it matters, in the short one it goes on. */
  private record Alert(double rate, Duration over, Duration lately) {
    String told() {
      return String.format(
          Locale.ROOT, "%.1f times over %s h and %s min", rate, over.toHours(), lately.toMinutes());
    }
  }

  private record Settings(String source, Template requests, Template bad, Duration every) {
    /** Share of bad requests over a length of time. */
    String ratio(Map<String, String> names, Duration over) {
      String range = "[" + over.toSeconds() + "s]";
      return "(sum(increase(%s%s)) or vector(0)) / sum(increase(%s%s))"
          .formatted(bad.filled(names), range, requests.filled(names), range);
    }
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String question() {
    return "Is there error budget left for a change, and is it not being burnt?";
  }

  @Override
  public Set<String> stages() {
    return Set.of("shadow", "canary", "promotion");
  }

  private static Settings settings(Parameters p) {
    String source =
        p.requiredText(
            "source", "the Prometheus, as in the setting sluice.signal.prometheus.<name>.url");
    return new Settings(
        source,
        selector(p, "requests", "sluice_router_requests_total", "a counter of users' requests"),
        selector(
            p, "bad", "sluice_router_user_errors_total", "a counter of those that users saw fail"),
        p.duration(
            "every",
            Duration.ofSeconds(15),
            Duration.ofHours(1),
            "how often it is asked again: a sum over the SLO's whole window is dear"));
  }

  private static Template selector(Parameters p, String key, String metric, String what) {
    Template template =
        new Template(
            p.text(
                key,
                metric + "{service=\"{{service}}\"}",
                "selector of series, with {{service}} in a label: " + what));
    List<String> wrong = template.problems(SERVICE, SERVICE);
    wrong.forEach(problem -> p.wrong(key, problem));
    if (wrong.isEmpty() && !ArmSeries.isSelector(template)) {
      p.wrong(key, "must be a plain selector of series, was '" + template.text() + "'");
    }
    return template;
  }

  @Override
  public void read(Parameters p) {
    settings(p);
  }

  @Override
  public List<Problem> submittable(QualityGate gate, MetricSignals metrics) {
    Settings settings = settings(new Parameters(gate.parameters()));
    return metrics.names().contains(settings.source)
        ? List.of()
        : List.of(Origin.unknown("source", settings.source, metrics));
  }

  @Override
  public Look look(Context context, String state) {
    Parameters p = new Parameters(context.gate().parameters());
    Settings settings = settings(p);
    p.requireSound();
    if (context.release().comparison() == Release.Comparison.SLO) {
      Verdict verdict =
          new Verdict.Pass("no sound stable version whose users' budget could be kept");
      return new Look(report(context, settings, verdict, new LinkedHashMap<>()), "");
    }
    Instant since = context.since() == null ? Instant.EPOCH : context.since();
    Heard before = Heard.read(state, KIND);
    Heard heard =
        before != null && before.holds(since, context.now(), settings.every)
            ? before
            : asked(context, settings, since);
    return new Look(report(context, settings, heard.verdict(), heard.statistics()), heard.write());
  }

  private static Heard asked(Context context, Settings settings, Instant since) {
    SequencedMap<String, String> statistics = new LinkedHashMap<>();
    statistics.put(Heard.ASKED, context.now().toString());
    Verdict verdict = judged(context, settings, statistics);
    return Heard.of(context, since, verdict, statistics);
  }

  private static GateReport report(
      Context context,
      Settings settings,
      Verdict verdict,
      SequencedMap<String, String> statistics) {
    return Reports.plain(
        context,
        KIND,
        verdict,
        0,
        statistics,
        "Prometheus %s: %s of %s"
            .formatted(settings.source, settings.bad.text(), settings.requests.text()));
  }

  private static Verdict judged(
      Context context, Settings settings, SequencedMap<String, String> statistics) {
    double budget = 1 - context.service().slo().availability();
    Duration window = context.service().slo().window();
    List<Duration> windows = new ArrayList<>();
    for (Alert alert : List.of(FAST.get(0), FAST.get(1), SLOW)) {
      windows.add(alert.over());
      windows.add(alert.lately());
    }
    windows.add(window);
    Prometheus prometheus = context.signals().metrics().prometheus(settings.source);
    Map<String, String> names = Map.of("service", context.service().name().value());
    List<String> questions = new ArrayList<>();
    windows.forEach(over -> questions.add(settings.ratio(names, over)));
    questions.add("count(" + settings.requests.filled(names) + ")");
    questions.add("count(" + like(settings.bad.filled(names), names) + ")");
    List<List<Series>> answers = prometheus.instant(questions, context.now());
    for (int i = windows.size(); i < questions.size(); i++) {
      if (answers.get(i).isEmpty()) {
        return new Verdict.Inconclusive(prometheus.told() + " has no series: " + questions.get(i));
      }
    }
    double[] burn = new double[windows.size()];
    for (int i = 0; i < burn.length; i++) {
      burn[i] = one(answers.get(i), windows.get(i)) / budget;
    }
    double spent = burn[burn.length - 1];
    statistics.put("error budget", Words.percent(budget) + " of requests");
    statistics.put("spent of it", Words.percent(spent));
    statistics.put("burn rate of the last hour", number(burn[0]));
    statistics.put("burn rate of the last 6 h", number(burn[2]));
    statistics.put("burn rate of the last 3 days", number(burn[4]));
    for (int i = 0; i < FAST.size(); i++) {
      Alert alert = FAST.get(i);
      if (burn[2 * i] >= alert.rate() && burn[2 * i + 1] >= alert.rate()) {
        Instant since = context.since();
        return since != null && !burned(prometheus, settings, names, alert, budget, since)
            ? new Verdict.Fail("users' error budget burns " + alert.told() + ", since this split")
            : new Verdict.Undecided(
                "users' error budget burns "
                    + alert.told()
                    + ", and did before this split: no change is made until it doesn't");
      }
    }
    if (spent >= 1) {
      return new Verdict.Undecided(
          "the error budget of %s is spent (%s): no change is made until there is some"
              .formatted(days(window), Words.percent(spent)));
    }
    if (burn[4] >= SLOW.rate() && burn[5] >= SLOW.rate()) {
      return new Verdict.Undecided(
          "users' error budget burns " + SLOW.told() + ": no change is made until it doesn't");
    }
    return new Verdict.Pass(
        "%s of the error budget of %s is left, and it burns at a rate of %s over the last hour"
            .formatted(Words.percent(1 - spent), days(window), number(burn[0])));
  }

  /**
   * Series of the service like those selected: with the same labels, whatever their values. A
   * counter of bad requests may not be there before the first; these show that it is no mistake.
   */
  private static Selector like(String bad, Map<String, String> names) {
    try {
      Selector selector = Selector.parse(bad);
      return new Selector(
          selector.metric(),
          selector.matchers().stream()
              .map(
                  m ->
                      names.containsValue(m.value())
                          ? m
                          : new Matcher(m.label(), Matcher.Op.NOT_EQUAL, ""))
              .toList());
    } catch (SyntaxError e) {
      throw new IllegalArgumentException(e.told(), e);
    }
  }

  /** Whether it burned as fast when the split began: then the split isn't why. */
  private static boolean burned(
      Prometheus prometheus,
      Settings settings,
      Map<String, String> names,
      Alert alert,
      double budget,
      Instant since) {
    List<Series> then =
        prometheus.instant(List.of(settings.ratio(names, alert.lately())), since).getFirst();
    Double ratio = value(then);
    return ratio != null && ratio / budget >= alert.rate();
  }

  private static double one(List<Series> answer, Duration over) {
    Double value = value(answer);
    if (value == null) {
      throw new Unavailable("no request was counted in the last " + over.toMinutes() + " min");
    }
    return value;
  }

  private static @Nullable Double value(List<Series> answer) {
    double value = answer.isEmpty() ? Double.NaN : answer.getFirst().samples().getFirst().value();
    return Double.isNaN(value) ? null : value;
  }

  private static String days(Duration window) {
    return window.toDays() + " days";
  }

  private static String number(double rate) {
    return String.format(Locale.ROOT, "%.2f", rate);
  }
}
