package dev.sluice.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.sluice.model.Effect;
import dev.sluice.model.GateReport;
import dev.sluice.model.GateReport.Progress;
import dev.sluice.model.Phase;
import dev.sluice.model.Problem;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Verdict;
import dev.sluice.signal.metrics.MetricSignals;
import dev.sluice.stats.Merge;
import dev.sluice.stats.Prior;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A gate whose verdict rests on two running tests: one that refutes "the candidate is not worse"
 * (then it fails, for good), one that refutes "the candidate is worse by the margin" (then it
 * passes). Looks may come at any time and as often as they like.
 *
 * @param <S> its parameters
 * @param <M> what it keeps beside the {@link Ledger}
 */
abstract class StatisticalGate<S, M> implements GateKind {
  private static final ObjectMapper JSON =
      JsonMapper.builder().addModules(new JavaTimeModule(), EProcessText.module()).build();

  private final Class<M> memory;

  StatisticalGate(Class<M> memory) {
    this.memory = memory;
  }

  /** The gate's own parameters; problems are collected in {@code parameters}. */
  abstract S settings(Parameters parameters);

  /** What it remembers before the first look. */
  abstract M fresh();

  /** What it remembers when a stage, or another kind of comparison, begins. */
  abstract M entering(M before);

  /** Reads what there is and takes it into account. */
  abstract Measured<M> measure(Glance<S, M> look);

  /** The weights of the components of each segment's test towards failing. */
  abstract Map<Segment, Prior> failPriors(Glance<S, M> look);

  /** The weights of each test towards passing in the present segment. */
  abstract List<Prior> passPriors(Glance<S, M> look);

  /** What was seen, in plain words: {@code the candidate failed 3 of 412 requests, stable none}. */
  abstract String seen(Glance<S, M> look);

  /** By how much the candidate differs, by the scores in the ledger; null before there is any. */
  abstract @Nullable Effect effect(Glance<S, M> look);

  /** Numbers of its own, in reading order. */
  abstract void statistics(Glance<S, M> look, SequencedMap<String, String> into);

  /** Parameters that all gates with statistics have. */
  record Common(
      Origin origin, DispersionSetting dispersion, double falsePass, Duration dataWithin) {
    static Common read(Parameters p, Origin origin, DispersionSetting dispersion) {
      return new Common(
          origin,
          dispersion,
          p.share(
              "falsePass",
              .05,
              .0001,
              .5,
              "chance of passing a candidate that is worse by the margin"),
          p.duration(
              "dataWithin",
              Duration.ofSeconds(30),
              Duration.ofHours(24),
              "without a request of the candidate for so long, inconclusive"));
    }
  }

  /** The common parameters inside the gate's own. */
  abstract Common common(S settings);

  /**
   * What a measurement came to.
   *
   * @param instead the verdict where the tests have nothing to say yet; null: let the tests speak
   */
  record Measured<M>(M memory, @Nullable Verdict instead) {
    static <M> Measured<M> of(M memory) {
      return new Measured<>(memory, null);
    }
  }

  private record State<M>(Ledger ledger, M memory) {}

  @Override
  public final void read(Parameters p) {
    settings(p);
  }

  @Override
  public List<Problem> submittable(QualityGate gate, MetricSignals metrics) {
    return common(settings(new Parameters(gate.parameters()))).origin().submittable(metrics);
  }

  @Override
  public Set<String> stages() {
    return Set.of("shadow", "canary", "promotion");
  }

  @Override
  public final boolean canBeAskedAgain(QualityGate gate) {
    return common(settings(new Parameters(gate.parameters()))).origin() instanceof Origin.Own;
  }

  @Override
  public final Look look(Context context, String text) {
    Parameters parameters = new Parameters(context.gate().parameters());
    S settings = settings(parameters);
    parameters.requireSound();
    State<M> state = read(text);
    Ledger ledger = state.ledger();
    Phase.Point at = context.release().at();
    Segment segment = at == null ? null : Segment.of(context.release(), at);
    if (at == null || segment == null) {
      return new Look(
          Reports.plain(
              context,
              kind(),
              new Verdict.Inconclusive(silent(context)),
              ledger.samples,
              new LinkedHashMap<>(),
              "none"),
          write(state));
    }
    Course course = Course.of(context.release(), context.gate().name());
    M memory = ledger.enter(at, segment) ? entering(state.memory()) : state.memory();
    Instant since = context.since();
    Glance<S, M> look =
        new Glance<>(
            context,
            settings,
            common(settings).dispersion(),
            at,
            segment,
            course,
            since == null ? context.now() : since,
            ledger,
            memory);
    if (ledger.latched != null) {
      return finish(look, new Verdict.Fail(ledger.latched));
    }
    if (!stages().contains(context.stage().word())) {
      return finish(look, new Verdict.Inconclusive(silent(context)));
    }
    if (since == null) {
      return finish(look, new Verdict.Undecided("evidence counts once the split was read back"));
    }
    if (ledger.since == null) {
      ledger.since = since;
    }
    if (ledger.warmAt == null) {
      ledger.warmAt = since.plus(context.candidate().warmup().time());
    }
    Measured<M> measured = measure(look);
    look = look.with(measured.memory());
    return finish(look, verdict(look, measured.instead()));
  }

  private Verdict verdict(Glance<S, M> look, @Nullable Verdict instead) {
    Ledger ledger = look.ledger();
    double logFail = ledger.processes.logFail(look.course(), failPriors(look));
    double logPass = ledger.processes.logPass(passPriors(look));
    double passLimit = passLimit(look.settings());
    if (instead instanceof Verdict.Fail) {
      ledger.latched = instead.why();
      return instead;
    }
    if (logFail >= look.context().logFailLimit()) {
      return failing(look, logFail);
    }
    if (instead != null) {
      return instead;
    }
    if (ledger.stageSamples == 0) {
      return silence(look);
    }
    if (logPass >= passLimit) {
      return new Verdict.Pass(
          "%s; chance of this if it were worse by the margin: %s"
              .formatted(seen(look), Words.chance(logPass)));
    }
    return new Verdict.Undecided(
        "%s; the evidence is %s of the way to passing"
            .formatted(
                seen(look), Words.percent(Math.floor(progress(logPass, passLimit) * 100) / 100)));
  }

  private Verdict failing(Glance<S, M> look, double logFail) {
    String evidence =
        "%s; chance of this without a change: %s".formatted(seen(look), Words.chance(logFail));
    String doubt = doubt(look);
    if (doubt != null) {
      return new Verdict.Inconclusive(evidence + "; but " + doubt);
    }
    look.ledger().latched = evidence;
    return new Verdict.Fail(evidence);
  }

  /** Why what the evidence says must not end the release by itself; null where it may. */
  private @Nullable String doubt(Glance<S, M> look) {
    return common(look.settings()).dispersion().doubt(look.ledger().environment, look.segment());
  }

  private Verdict silence(Glance<S, M> look) {
    Instant judgedTo = look.ledger().judgedTo;
    Duration silent = judgedTo == null ? Duration.ZERO : Duration.between(look.since(), judgedTo);
    return silent.compareTo(common(look.settings()).dataWithin()) > 0
        ? new Verdict.Inconclusive(
            "no request of the candidate was seen in "
                + Words.seconds(silent.toMillis() / 1e3)
                + ": nothing to judge by")
        : new Verdict.Undecided("no measurement of the candidate yet");
  }

  private static double progress(double log, double limit) {
    return new Progress(log, limit).ratio();
  }

  private double passLimit(S settings) {
    return Merge.limit(common(settings).falsePass());
  }

  private Look finish(Glance<S, M> look, Verdict verdict) {
    Context context = look.context();
    Ledger ledger = look.ledger();
    double logFail = ledger.processes.logFail(look.course(), failPriors(look));
    double logPass = ledger.processes.logPass(passPriors(look));
    SequencedMap<String, String> statistics = new LinkedHashMap<>();
    statistics(look, statistics);
    statistics.put("towards fail", Words.evidence(logFail, context.logFailLimit()));
    statistics.put("towards pass", Words.evidence(logPass, passLimit(look.settings())));
    statistics.put("dispersion", common(look.settings()).dispersion().words(ledger.environment));
    if (ledger.warming > 0) {
      statistics.put("left out as warm-up", Words.count(ledger.warming) + " requests");
    }
    if (ledger.lost > 0) {
      statistics.put("lost before they were read", Words.count(ledger.lost) + " requests");
    }
    GateReport report =
        new GateReport(
            context.gate().name(),
            kind(),
            context.stage().word(),
            verdict,
            doubt(look) == null ? new Progress(logFail, context.logFailLimit()) : null,
            new Progress(logPass, passLimit(look.settings())),
            ledger.samples,
            statistics,
            common(look.settings()).origin().told("observations of the router"),
            ledger.onset == null ? null : ledger.onset.estimate(),
            context.now(),
            ledger.judgedTo,
            effect(look));
    return new Look(report, write(new State<>(ledger, look.memory())));
  }

  private String silent(Context context) {
    return "this gate has nothing to see in stage %s, only in %s"
        .formatted(context.stage().word(), String.join(", ", new TreeSet<>(stages())));
  }

  private State<M> read(String text) {
    if (text.isEmpty()) {
      return new State<>(new Ledger(), fresh());
    }
    try {
      return JSON.readValue(
          text, JSON.getTypeFactory().constructParametricType(State.class, memory));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not the state of a " + kind() + " gate: " + text, e);
    }
  }

  private String write(State<M> state) {
    try {
      return JSON.writeValueAsString(state);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the state of a " + kind() + " gate can't be written", e);
    }
  }
}
