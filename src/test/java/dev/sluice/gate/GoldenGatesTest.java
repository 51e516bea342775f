package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.FallbackLadder;
import dev.sluice.model.GateReport;
import dev.sluice.model.Outcome;
import dev.sluice.model.Release;
import dev.sluice.model.Unavailable;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import dev.sluice.signal.AnswerSchema;
import dev.sluice.signal.GoldenSet;
import dev.sluice.signal.GoldenSignals.Answer;
import dev.sluice.signal.score.Exact;
import dev.sluice.signal.score.Judge;
import dev.sluice.signal.score.Score;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Golden quality, contract and fallback compatibility: answers to requests nobody is hurt by. */
class GoldenGatesTest {
  private static final String SCHEMA =
      """
      {"type": "object", "required": ["outputs"], "properties": {"outputs": {"type": "array",
       "items": {"type": "object", "required": ["data"],
        "properties": {"data": {"type": "array", "items": {"type": "integer"}}}}}}}
      """;
  private static final String RENAMED = "{\"type\": \"object\", \"required\": [\"predictions\"]}";
  private static final URI STABLE_AT = URI.create("http://127.0.0.1:1001");
  private static final URI SMALL_AT = URI.create("http://127.0.0.1:1002");
  private static final VersionName SMALL = new VersionName("v0");

  private static Scene scene(GateKind kind, Map<String, Object> parameters) {
    Scene scene = new Scene(kind, parameters).enter(Scene.SYNTHETIC, 0);
    scene.signals.sets.put(
        "digits",
        new GoldenSet(
            "digits",
            "/v2/models/digits/infer",
            IntStream.range(0, 100).mapToObj(i -> new GoldenSet.Item("{}", "7")).toList(),
            "sha256:ab",
            new Exact()));
    scene.stableSchema = SCHEMA;
    scene.candidateSchema = SCHEMA;
    scene.signals.endpoints.put(Scene.STABLE, List.of(STABLE_AT));
    scene.signals.endpoints.put(SMALL, List.of(SMALL_AT));
    scene.signals.asked = uri -> right("7");
    return scene;
  }

  private static Answer right(@Nullable String value) {
    return new Answer(Outcome.OK, 200, "{\"outputs\": [{\"data\": [" + value + "]}]}", value, .01);
  }

  private static List<Answer> answers(int right, int wrong, int unreadable) {
    List<Answer> all = new ArrayList<>();
    IntStream.range(0, right).forEach(i -> all.add(right("7")));
    IntStream.range(0, wrong).forEach(i -> all.add(right("1")));
    IntStream.range(0, unreadable)
        .forEach(i -> all.add(new Answer(Outcome.OK, 200, "{\"predictions\": [7]}", null, .01)));
    return all;
  }

  @Test
  void goldenQualityWaitsForTheWholeRun() {
    Scene scene = scene(new GoldenQualityGate(), Map.of());
    scene.signals.goldenAnswers = answers(40, 0, 0);

    assertThat(scene.look().verdict())
        .isEqualTo(new Verdict.Undecided("40 of 100 (40%) golden requests answered"));
  }

  @Test
  void goldenQualityIsTheShareOfRightAnswers() {
    Scene good = scene(new GoldenQualityGate(), Map.of("score", "90%"));
    good.signals.goldenAnswers = answers(90, 7, 3);
    GateReport report = good.look();
    assertThat(report.verdict())
        .isEqualTo(
            new Verdict.Pass(
                "the candidate scores 90% on 100 golden requests (exact), at least 90% is asked for"));
    assertThat(report.statistics())
        .containsEntry("scorer", "exact")
        .containsEntry("wholly right", "90 of 100 (90%)")
        .containsEntry("without a readable value", "3 of 100 (3%)")
        .containsEntry("worst answer", "item 91, 0%: answered '1', right is '7'");

    Scene bad = scene(new GoldenQualityGate(), Map.of("score", "90%"));
    bad.signals.goldenAnswers = answers(89, 11, 0);
    assertThat(bad.look().verdict()).isInstanceOf(Verdict.Fail.class);
  }

  private static Scene judgedScene() {
    Scene scene = scene(new GoldenQualityGate(), Map.of("score", "75%"));
    GoldenSet digits = Objects.requireNonNull(scene.signals.sets.get("digits"));
    scene.signals.sets.put(
        "digits",
        new GoldenSet(
            digits.name(), digits.path(), digits.items(), digits.digest(), new Judge("helpful")));
    scene.signals.goldenAnswers = answers(100, 0, 0);
    return scene;
  }

  @Test
  void goldenQualityIsTheMeanOfWhatAJudgeSays() {
    Scene good = judgedScene();
    good.signals.judged = item -> new Score.Given(item % 2 == 0 ? 1 : .5);
    assertThat(good.look().verdict())
        .isEqualTo(
            new Verdict.Pass(
                "the candidate scores 75% on 100 golden requests (judge), at least 75% is asked for"));

    Scene bad = judgedScene();
    bad.signals.judged = item -> new Score.Given(item % 2 == 0 ? 1 : .49);
    assertThat(bad.look().verdict()).isInstanceOf(Verdict.Fail.class);
  }

  @Test
  void aJudgeThatIsDownIsNoVerdictOnTheModelAndMayComeBack() {
    Scene scene = judgedScene();
    scene.signals.judged =
        item -> item == 9 ? new Score.Missing("judge helpful answered 503") : new Score.Given(1);
    assertThat(scene.look().verdict())
        .isEqualTo(
            new Verdict.Inconclusive(
                "1 of 100 (1%) answers have no score: judge helpful answered 503"));

    scene.signals.judged = item -> item == 9 ? new Score.Awaited() : new Score.Given(1);
    assertThat(scene.look().verdict())
        .isEqualTo(new Verdict.Undecided("99 of 100 (99%) answers scored"));

    scene.signals.judged = item -> new Score.Given(1);
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Pass.class);
  }

  @Test
  void aFailureOnTheGoldenSetLatches() {
    Scene scene = scene(new GoldenQualityGate(), Map.of());
    scene.signals.goldenAnswers = answers(10, 90, 0);
    GateReport failure = scene.look();
    scene.signals.goldenAnswers = answers(100, 0, 0);

    assertThat(scene.look()).isEqualTo(failure);
    assertThat(scene.enter(Scene.SHADOW, 0).look().verdict()).isEqualTo(failure.verdict());
  }

  @Test
  void answersNobodyCanReadAreTheContractGatesMatter() {
    Scene scene = scene(new GoldenQualityGate(), Map.of());
    scene.signals.goldenAnswers = answers(0, 0, 100);

    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Inconclusive.class);
    assertThat(scene.look().verdict().why()).contains("the contract gate");
  }

  @Test
  void anUnknownGoldenSetIsAnOutageAndNotAVerdict() {
    Scene scene = scene(new GoldenQualityGate(), Map.of("golden", "letters"));

    assertThatThrownBy(scene::look).isInstanceOf(Unavailable.class).hasMessageContaining("letters");
  }

  @Test
  void theContractIsWhatStableDeclares() {
    Scene scene = scene(new ContractGate(), Map.of());
    scene.candidateSchema = RENAMED;
    scene.signals.goldenAnswers = answers(3, 0, 1);

    GateReport report = scene.look();
    assertThat(report.verdict()).isInstanceOf(Verdict.Fail.class);
    assertThat(report.verdict().why())
        .contains("that of version v1: golden request 4:")
        .contains("outputs")
        .contains("{\"predictions\": [7]}");
    scene.signals.goldenAnswers = answers(100, 0, 0);
    assertThat(scene.look().verdict()).isEqualTo(report.verdict());
  }

  @Test
  void theContractIsKeptWhenEveryAnswerKeepsIt() {
    Scene scene = scene(new ContractGate(), Map.of());
    scene.signals.goldenAnswers = answers(60, 0, 0);
    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Undecided.class);
    scene.signals.goldenAnswers = answers(60, 40, 0);

    assertThat(scene.look().verdict())
        .isEqualTo(
            new Verdict.Pass(
                "100 of 100 (100%) golden answers keep the response schema of version v1"));
  }

  @Test
  void theFirstVersionIsHeldToItsOwnContract() {
    Scene scene = scene(new ContractGate(), Map.of());
    scene.comparison = Release.Comparison.SLO;
    scene.candidateSchema = RENAMED;
    scene.signals.goldenAnswers = answers(0, 0, 100);

    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Pass.class);
  }

  @Test
  void nanIsNoJson() {
    Scene scene = scene(new ContractGate(), Map.of());
    scene.signals.goldenAnswers =
        List.of(new Answer(Outcome.INVALID, 200, "{\"outputs\": [{\"data\": [NaN]}]}", null, .01));

    assertThat(scene.look().verdict().why()).contains("no JSON: {\"outputs\"");
  }

  @Test
  void aCandidateThatDoesNotAnswerIsNotJudgedByItsContract() {
    Scene scene = scene(new ContractGate(), Map.of());
    List<Answer> answers = answers(90, 0, 0);
    IntStream.range(0, 10).forEach(i -> answers.add(new Answer(Outcome.TIMEOUT, 0, "", null, 2)));
    scene.signals.goldenAnswers = answers;

    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Inconclusive.class);
  }

  @Test
  void aSchemaFetchesNothing() {
    assertThatThrownBy(() -> new AnswerSchema("{\"$ref\": \"http://127.0.0.1:9/other.json\"}"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyRungMustKeepWhatTheCandidateDeclares() {
    Scene scene = scene(new FallbackCompatibilityGate(Set.of("api.example")), Map.of("samples", 3));
    URI provider = URI.create("https://api.example/v1");
    scene.ladder =
        new FallbackLadder(
            List.of(
                new FallbackLadder.SmallerVersion(SMALL),
                new FallbackLadder.Provider("other", provider),
                new FallbackLadder.Rule(200, "{\"outputs\": [{\"data\": [0]}]}"),
                new FallbackLadder.Disabled("resting")));

    assertThat(scene.look().verdict())
        .isEqualTo(
            new Verdict.Pass(
                "callers of the candidate can read what answers in its stead: stable version v1,"
                    + " version v0, provider other, rule, disabled"));
    assertThat(scene.signals.questions)
        .containsExactlyInAnyOrderEntriesOf(Map.of(STABLE_AT, 3, SMALL_AT, 3, provider, 3));
    scene.look();
    assertThat(scene.signals.questions).containsEntry(STABLE_AT, 3);
  }

  @Test
  void aCandidateThatRenamesItsOutputCannotGoBack() {
    Scene scene = scene(new FallbackCompatibilityGate(Set.of()), Map.of());
    scene.candidateSchema = RENAMED;

    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Fail.class);
    assertThat(scene.look().verdict().why()).contains("stable version v1").contains("predictions");
  }

  @Test
  void aRuleWithoutAnAnswerIsNoFallback() {
    Scene scene = scene(new FallbackCompatibilityGate(Set.of()), Map.of());
    scene.ladder = new FallbackLadder(List.of(new FallbackLadder.Rule(200, "{\"outputs\": []}")));

    assertThat(scene.look().verdict().why()).contains("rule: nothing at /outputs/0/data/0");
  }

  @Test
  void aRungThatCannotBeReachedLeavesTheQuestionOpen() {
    Scene scene = scene(new FallbackCompatibilityGate(Set.of()), Map.of());
    scene.ladder = new FallbackLadder(List.of(new FallbackLadder.SmallerVersion(SMALL)));
    scene.signals.endpoints.remove(SMALL);
    assertThat(scene.look().verdict())
        .isEqualTo(
            new Verdict.Inconclusive(
                "a rung could not be reached: version v0: version v0 has no ready replica"));
    scene.signals.endpoints.put(SMALL, List.of(SMALL_AT));

    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Pass.class);
  }

  @Test
  void aProviderThatIsNotOnTheListIsNotAsked() {
    Scene scene = scene(new FallbackCompatibilityGate(Set.of("api.example")), Map.of());
    URI inside = URI.create("http://169.254.169.254/latest");
    scene.ladder = new FallbackLadder(List.of(new FallbackLadder.Provider("other", inside)));

    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Inconclusive.class);
    assertThat(scene.look().verdict().why()).contains("not on the list");
    assertThat(scene.signals.questions).doesNotContainKey(inside);
  }

  @Test
  void aRungThatRefusesTheCandidatesRequestIsNotCompatible() {
    Scene scene = scene(new FallbackCompatibilityGate(Set.of()), Map.of());
    scene.signals.asked = uri -> new Answer(Outcome.OK, 400, "{\"error\": \"shape\"}", null, .01);

    assertThat(scene.look().verdict().why()).contains("status 400");
  }

  @Test
  void withoutStableAndLadderThereIsNothingToBeCompatibleWith() {
    Scene scene = scene(new FallbackCompatibilityGate(Set.of()), Map.of());
    scene.comparison = Release.Comparison.SLO;

    assertThat(scene.look().verdict()).isInstanceOf(Verdict.Pass.class);
  }
}
