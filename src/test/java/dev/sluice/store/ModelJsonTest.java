package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.json.ModelJson;
import dev.sluice.model.Characters;
import dev.sluice.model.GateReport;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Phase;
import dev.sluice.model.Pipeline;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Serving;
import dev.sluice.model.Share;
import dev.sluice.model.Stage;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import dev.sluice.model.Why;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ModelJsonTest {
  private static final Arbitrary<VersionName> VERSIONS =
      Arbitraries.strings()
          .withCharRange('a', 'z')
          .ofMinLength(1)
          .ofMaxLength(20)
          .map(VersionName::new);
  private static final Arbitrary<Instant> TIMES =
      Arbitraries.longs()
          .between(0, 4_000_000_000L)
          .flatMap(
              s ->
                  Arbitraries.integers()
                      .between(0, 999_999_999)
                      .map(n -> Instant.ofEpochSecond(s, n)));
  private static final Arbitrary<Duration> TIMESPANS =
      Arbitraries.longs().between(0, 1_000_000_000_000_000L).map(Duration::ofNanos);
  private static final Arbitrary<String> TEXTS = Arbitraries.strings().all().ofMaxLength(30);
  private static final Arbitrary<Phase.Point> POINTS =
      Combinators.combine(
              Arbitraries.integers().between(0, 4), Arbitraries.integers().between(0, 9))
          .as(Phase.Point::new);
  private static final Arbitrary<Share> SHARES =
      Arbitraries.integers().between(1, Share.WHOLE).map(Share::new);

  private static Arbitrary<Phase> phases() {
    Arbitrary<Why> whys =
        Combinators.combine(Arbitraries.of(Why.Cause.class), TEXTS, TEXTS).as(Why::new);
    Arbitrary<Phase> early =
        Combinators.combine(POINTS, Arbitraries.of(Phase.Leg.class), TIMES, TIMES)
            .flatAs(
                (at, leg, entered, since) ->
                    Arbitraries.of(
                        new Phase.Submitted(since),
                        new Phase.Submitted(
                            since, new Phase.Absence(Duration.between(entered, since), entered)),
                        new Phase.Applying(at, leg, entered, since),
                        new Phase.Observing(at, entered, since),
                        new Phase.Promoting(at, entered, since),
                        new Phase.Soaking(at, entered, since),
                        new Phase.Succeeded(since)));
    Arbitrary<Phase> late =
        Combinators.combine(whys, POINTS.injectNull(0.3), TIMES.injectNull(0.3), TIMES, TIMES)
            .flatAs(
                (why, from, onset, verdictAt, since) ->
                    Arbitraries.of(
                        new Phase.RollingBack(
                            why,
                            from,
                            from != null,
                            onset,
                            since,
                            onset == null ? null : new Phase.Absence(Duration.ZERO, onset)),
                        new Phase.RolledBack(why, from, onset, verdictAt, since),
                        new Phase.Rejected(why, from, onset, verdictAt, since)));
    return Arbitraries.oneOf(early, late);
  }

  private static Arbitrary<Pipeline> pipelines() {
    Arbitrary<List<String>> gates = TEXTS.list().ofMaxSize(3);
    Arbitrary<Stage> canaries =
        Combinators.combine(
                SHARES.set().ofMinSize(1).ofMaxSize(5),
                gates,
                TIMESPANS,
                Arbitraries.of(true, false))
            .as(
                (weights, names, time, approval) -> {
                  List<Share> rising = new ArrayList<>(new TreeSet<>(weights));
                  return new Stage.Canary(
                      rising,
                      approval ? new Stage.Approval(rising.getLast(), true) : null,
                      names,
                      time,
                      time);
                });
    Arbitrary<List<Stage>> stages =
        Combinators.combine(SHARES, gates, TIMESPANS, TEXTS, canaries)
            .as(
                (share, names, time, golden, canary) ->
                    List.of(
                        new Stage.Staging(names, time, time),
                        new Stage.Synthetic(golden, names, time, time),
                        new Stage.Shadow(share, names, time, time),
                        canary,
                        new Stage.Promotion(names, time, time)));
    return Combinators.combine(
            TEXTS,
            Arbitraries.doubles().between(0.001, 0.499).ofScale(3),
            stages,
            Arbitraries.of(Pipeline.OnDeadline.class),
            TIMESPANS)
        .as((name, alpha, s, late, back) -> new Pipeline(name, alpha, s, late, back, name));
  }

  @Provide
  Arbitrary<Release> releases() {
    Arbitrary<QualityGate.Terms> terms =
        Combinators.combine(
                Arbitraries.of(QualityGate.Criticality.class),
                Arbitraries.longs().between(0, 1_000_000),
                TIMESPANS,
                TIMESPANS.injectNull(0.5),
                Arbitraries.of(Pipeline.OnDeadline.class).injectNull(0.5))
            .as(
                (criticality, samples, time, more, then) ->
                    new QualityGate.Terms(
                        criticality,
                        new QualityGate.Minimum(samples, time),
                        more == null ? null : time.plus(more).plusMillis(1),
                        then));
    Arbitrary<QualityGate> gates =
        Combinators.combine(
                TEXTS,
                Arbitraries.of(QualityGate.Mode.class),
                Arbitraries.doubles().between(0, 1),
                terms)
            .as(
                (text, mode, weight, on) ->
                    new QualityGate(
                        text,
                        "latency",
                        mode,
                        weight,
                        on,
                        Map.of("n", 3, "p", 0.25, "on", true, "of", List.of(text, Map.of()))));
    Arbitrary<Release> plain =
        Combinators.combine(
                VERSIONS,
                VERSIONS.injectNull(0.3),
                pipelines(),
                Arbitraries.maps(TEXTS, gates).ofMaxSize(3),
                phases(),
                TIMESPANS.injectNull(0.5),
                TIMES,
                Arbitraries.maps(TEXTS, TEXTS).ofMaxSize(3))
            .as(
                (candidate, stable, pipeline, byName, phase, back, at, labels) ->
                    new Release(
                        new ReleaseId(new java.util.UUID(at.getNano(), at.getEpochSecond())),
                        new ServiceName("digits"),
                        candidate,
                        stable,
                        stable == null ? Release.Comparison.SLO : Release.Comparison.STABLE,
                        pipeline,
                        byName,
                        phase,
                        null,
                        List.of(),
                        back,
                        "alice",
                        at,
                        "because",
                        labels));
    return Combinators.combine(plain, TEXTS, TIMES, Arbitraries.of(true, false))
        .as(
            (release, actor, at, held) ->
                held
                    ? release
                        .held(new Release.Paused(actor, actor, at))
                        .approved(new Release.Approved(Share.percent(25), actor, at))
                    : release);
  }

  private static <T> T there(Object value, Class<T> type) {
    return ModelJson.read(ModelJson.write(value), type);
  }

  @Property(tries = 300)
  void anyReleaseComesBackAsItWas(@ForAll("releases") Release release) {
    assertThat(there(release, Release.class)).isEqualTo(release);
    assertThat(Characters.unkept(ModelJson.write(release))).isEmpty();
    assertThat(ReleaseRow.of(release).toModel()).isEqualTo(release);
  }

  @Property(tries = 200)
  void anySplitComesBackAsItWas(@ForAll("releases") Release release, @ForAll boolean mirrored) {
    VersionName other = new VersionName(release.candidate().value() + "-0");
    TrafficSplit split =
        TrafficSplit.between(
            release.candidate(), other, new Share(1 + release.pipeline().stages().size()));
    TrafficSplit whole =
        mirrored ? split.mirroring(new VersionName("m-1"), Share.percent(20)) : split;
    assertThat(there(whole, TrafficSplit.class)).isEqualTo(whole);
  }

  @Example
  void servicesVersionsReportsAndServingComeBackAsTheyWere() {
    ModelService service = Samples.service("digits");
    assertThat(there(service, ModelService.class)).isEqualTo(service);
    ModelVersion version = Samples.version("v2", "sha256:aa");
    assertThat(there(version, ModelVersion.class)).isEqualTo(version);
    Serving serving = Samples.promoted();
    assertThat(there(serving, Serving.class)).isEqualTo(serving);
    for (String word : List.of("pass", "fail", "undecided", "inconclusive")) {
      GateReport report = Samples.memory("latency", "canary", Verdict.of(word, "why"), "").report();
      GateReport back = there(report, GateReport.class);
      assertThat(back).isEqualTo(report);
      assertThat(back.statistics().keySet()).containsExactly("z", "a");
    }
  }

  @Example
  void whatWasWrittenBeforeEffectsWereToldReadsWithoutOne() {
    GateReport report = Samples.memory("latency", "canary", Verdict.of("pass", "why"), "").report();
    String text = ModelJson.write(report);
    String older = text.replaceFirst(",\"effect\":\\{[^}]*}", "");

    assertThat(older).isNotEqualTo(text).doesNotContain("effect");
    assertThat(ModelJson.read(older, GateReport.class).effect()).isNull();
  }

  @Example
  void evidenceWithoutBoundComesBackAsItWas() {
    GateReport.Progress none = new GateReport.Progress(Double.NEGATIVE_INFINITY, 4.6);
    assertThat(there(none, GateReport.Progress.class)).isEqualTo(none);
  }

  @Example
  void sealedTypesCarryTheirWordAndValuesAreStrings() {
    LinkedHashMap<Phase, String> texts = new LinkedHashMap<>();
    texts.put(
        new Phase.Soaking(new Phase.Point(2, 0), Samples.T0, Samples.T0),
        "{\"phase\":\"soaking\",\"at\":{\"stage\":2,\"step\":0},"
            + "\"entered\":\"2026-03-01T12:00:00Z\",\"since\":\"2026-03-01T12:00:00Z\"}");
    texts.forEach((phase, text) -> assertThat(ModelJson.write(phase)).isEqualTo(text));
    assertThat(
            ModelJson.write(
                new Stage.Shadow(new Share(25), List.of(), Duration.ZERO, Duration.ofMinutes(2))))
        .isEqualTo(
            "{\"stage\":\"shadow\",\"share\":\"0.25%\",\"gates\":[],\"atLeast\":\"PT0S\","
                + "\"deadline\":\"PT2M\"}");
    assertThat(ModelJson.write(Samples.promoted()))
        .isEqualTo(
            "{\"stable\":\"v2\",\"previous\":{\"version\":\"v1\","
                + "\"until\":\"2026-03-01T13:00:00Z\"}}");
  }

  @Example
  void everyPhaseIsKnownByItsOwnWord() {
    for (Phase phase : phases().list().ofSize(200).sample()) {
      assertThat(ModelJson.write(phase)).contains("\"phase\":\"" + phase.word() + "\"");
    }
  }

  @Example
  void whatAnotherSluiceAddedIsNotSilentlyDropped() {
    assertThatThrownBy(() -> ModelJson.read("{\"stable\":\"v1\",\"third\":1}", Serving.class))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("third");
  }

  @Example
  void versionKeptBeforeThereWereContextsAndDeclaredChangesIsRead() {
    String contract = "{\"request\":null,\"response\":\"{}\"}";

    assertThat(ModelJson.read(contract, ModelVersion.Contract.class))
        .isEqualTo(new ModelVersion.Contract(null, "{}"));
  }
}
