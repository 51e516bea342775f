package dev.sluice.intake.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.gate.GateKinds;
import dev.sluice.intake.TestGates;
import dev.sluice.model.AdmissionPolicy;
import dev.sluice.model.AdmissionPolicy.Rate;
import dev.sluice.model.BalancePolicy;
import dev.sluice.model.FallbackLadder;
import dev.sluice.model.Lane;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Pipeline;
import dev.sluice.model.Problem;
import dev.sluice.model.Protocol;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Share;
import dev.sluice.model.VersionName;
import dev.sluice.signal.metrics.MetricSignals;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentsTest {
  private static final Vocabulary VOCABULARY =
      new Vocabulary(TestGates.KINDS, Map.of(), Set.of(), Set.of("api.allowed.example"));
  private static final String DIGEST = "sha256:" + "ab".repeat(32);

  static final String SERVICE =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: ModelService
      metadata: {name: digits, labels: {team: demo}}
      spec:
        protocol: kserve-v2
        stable: v1
        pipeline: demo
        slo: {availability: 99.9, window: 30d, total: {p99: 500ms, p99.9: 1s}}
        placement: {platform: process, replicas: 2, command: [server, --port, "{port}"]}
        traffic:
          router: sluice
          key: {header: x-user-id}
          shadowSafe: [POST /v2/models/digits/infer]
          timeout: 2s
          answer: /outputs/0/data/0
        warm: {previousFor: 1h, proveEvery: 2s}
        fallback:
        - version: {name: small}
        - provider: {name: llm, url: "https://api.allowed.example/v1"}
        - rule: {status: 200, body: {label: 0.50}}
        - disabled: {message: "It rests."}
      """;

  static final String CHAT =
      """
      kind: ModelService
      metadata: {name: chat}
      spec:
        protocol: openai
        pipeline: llm-chat
        slo: {availability: 99.9}
        placement: {platform: process, command: [server, --port, "{port}"]}
        traffic:
          timeout: 60s
          admission:
            concurrency: {most: 32, least: 2, adaptive: true}
            queue: {depth: 16, wait: 50ms}
            request: {bytes: 256Ki, inputTokens: 8000, outputTokens: 1000}
            tenants:
              header: x-tenant
              named:
              - {name: acme, requests: 50/s, tokens: 90000/m, upTo: critical}
              - {name: Globex GmbH, requests: 1000/h}
              others: {requests: 5/s, tokens: 1000000/d, lane: internal}
            lanes:
              header: x-priority
              routes:
              - {requests: [POST /v1/embeddings], lane: batch}
              shares: {critical: 40%, normal: 20%, batch: 2.5%}
          balance:
            eject: {failures: 3, time: 20s, most: 34%}
            slowStart: 30s
            retries: 10%
      """;

  static final String VERSION =
      """
      kind: ModelVersion
      metadata: {name: v2}
      spec:
        service: digits
        image: registry.example/server@%s
        model: {uri: "s3://models/v2", digest: "%s"}
        tokenizer: {uri: "s3://models/tokenizer", digest: "%s", chatTemplate: "%s"}
        contract:
          request: {type: object}
          response: {type: object, required: [outputs]}
          contextLength: 8192
          changes: [chat-template]
        resources: {gpus: 1, gpuMemoryPeak: 62Gi, hostMemory: 256Mi}
        warmup: {requests: 50, time: 60s}
        arguments: [--fault, slow=1.3]
        source: {commit: 3f2c, run: "https://ci.example/1"}
      """
          .formatted(DIGEST, DIGEST, DIGEST, DIGEST);

  @Test
  void modelServiceIsReadWhole() {
    ModelService service = ((Document.OfService) only(SERVICE, Syntax.YAML)).value();
    assertThat(service.labels()).isEqualTo(Map.of("team", "demo"));
    assertThat(service.protocol()).isEqualTo(Protocol.KSERVE_V2);
    assertThat(service.stable()).isEqualTo(new VersionName("v1"));
    assertThat(service.slo())
        .isEqualTo(
            new ModelService.Slo(
                0.999,
                Duration.ofDays(30),
                Map.of(0.99, Duration.ofMillis(500), 0.999, Duration.ofSeconds(1))));
    assertThat(service.placement())
        .isEqualTo(new ModelService.Placement("process", 2, List.of("server", "--port", "{port}")));
    assertThat(service.traffic())
        .isEqualTo(
            new ModelService.TrafficPolicy(
                "sluice",
                "x-user-id",
                List.of("POST /v2/models/digits/infer"),
                Duration.ofSeconds(2),
                "/outputs/0/data/0"));
    assertThat(service.warm())
        .isEqualTo(new ModelService.Warm(Duration.ofHours(1), Duration.ofSeconds(2)));
    assertThat(service.fallback().rungs())
        .extracting(FallbackLadder.Rung::label)
        .containsExactly("version small", "provider llm", "rule", "disabled");
    assertThat(((FallbackLadder.Rule) service.fallback().rungs().get(2)).body())
        .isEqualTo("{\"label\":0.50}");
  }

  @Test
  void admissionIsReadWhole() {
    ModelService chat = ((Document.OfService) only(CHAT, Syntax.YAML)).value();
    assertThat(chat.traffic().admission())
        .isEqualTo(
            new AdmissionPolicy(
                new AdmissionPolicy.Concurrency(32, 2, true),
                new AdmissionPolicy.Waiting(16, Duration.ofMillis(50)),
                new AdmissionPolicy.Caps(256 << 10, 8_000, 1_000),
                new AdmissionPolicy.Tenants(
                    "x-tenant",
                    Map.of(
                        "acme",
                        new AdmissionPolicy.Tenant(
                            new Rate(50, Duration.ofSeconds(1)),
                            new Rate(90_000, Duration.ofMinutes(1)),
                            null,
                            Lane.CRITICAL),
                        "Globex GmbH",
                        new AdmissionPolicy.Tenant(
                            new Rate(1_000, Duration.ofHours(1)), null, null, null)),
                    new AdmissionPolicy.Tenant(
                        new Rate(5, Duration.ofSeconds(1)),
                        new Rate(1_000_000, Duration.ofDays(1)),
                        Lane.INTERNAL,
                        null)),
                new AdmissionPolicy.Lanes(
                    "x-priority",
                    List.of(new AdmissionPolicy.LaneOf(List.of("POST /v1/embeddings"), Lane.BATCH)),
                    Map.of(
                        Lane.CRITICAL,
                        Share.percent(40),
                        Lane.NORMAL,
                        Share.percent(20),
                        Lane.BATCH,
                        Share.parse("2.5%")))));
  }

  @Test
  void balanceIsReadWhole() {
    ModelService chat = ((Document.OfService) only(CHAT, Syntax.YAML)).value();
    assertThat(chat.traffic().balance())
        .isEqualTo(
            new BalancePolicy(
                new BalancePolicy.Ejection(3, Duration.ofSeconds(20), Share.percent(34)),
                Duration.ofSeconds(30),
                Share.percent(10)));
  }

  @Test
  void modelVersionIsReadWhole() {
    ModelVersion version = ((Document.OfVersion) only(VERSION, Syntax.YAML)).value();
    assertThat(version.model().digest()).isEqualTo(DIGEST);
    assertThat(version.tokenizer()).isNotNull();
    assertThat(version.contract().chatTemplate()).isEqualTo(DIGEST);
    assertThat(version.contract().contextLength()).isEqualTo(8192);
    assertThat(version.contract().changes()).containsExactly(ModelVersion.Promise.CHAT_TEMPLATE);
    assertThat(version.contract().response())
        .isEqualTo("{\"type\":\"object\",\"required\":[\"outputs\"]}");
    assertThat(version.resources()).isEqualTo(new ModelVersion.Resources(1, 62L << 30, 256L << 20));
    assertThat(version.warmup()).isEqualTo(new ModelVersion.Warmup(50, Duration.ofSeconds(60)));
    assertThat(version.arguments()).containsExactly("--fault", "slow=1.3");
    assertThat(version.source()).containsEntry("commit", "3f2c");
  }

  @Test
  void qualityGateIsReadWhole() {
    String yaml =
        """
        kind: QualityGate
        metadata: {name: slow}
        spec:
          kind: anywhere
          mode: dry-run
          weight: 30%
          criticality: optional
          minimum: {samples: 500, time: 10m}
          deadline: 1h
          onDeadline: ask
          margin: {p50: 10}
        """;
    assertThat(((Document.OfGate) only(yaml, Syntax.YAML)).value())
        .isEqualTo(
            new QualityGate(
                "slow",
                "anywhere",
                QualityGate.Mode.DRY_RUN,
                0.3,
                new QualityGate.Terms(
                    QualityGate.Criticality.OPTIONAL,
                    new QualityGate.Minimum(500, Duration.ofMinutes(10)),
                    Duration.ofHours(1),
                    Pipeline.OnDeadline.ASK),
                Map.of("margin", Map.of("p50", 10L))));
  }

  @Test
  void sameMeaningHasTheSameDigestWhateverTheSyntax() {
    String yaml = version("v2", "{hostMemory: 256Mi, gpus: 1}");
    String json =
        """
        {"spec": {"resources": {"gpus": 1.0, "hostMemory": "256Mi"},
                  "model": {"digest": "%s", "uri": "s3://m"}, "service": "digits"},
         "metadata": {"name": "v2"}, "kind": "ModelVersion",
         "apiVersion": "sluice.dev\\/v1alpha1"}
        """
            .formatted(DIGEST);
    assertThat(digest(only(json, Syntax.JSON))).isEqualTo(digest(only(yaml, Syntax.YAML)));
    assertThat(digest(only(version("v2", "{gpus: 2}"), Syntax.YAML)))
        .isNotEqualTo(digest(only(yaml, Syntax.YAML)));
  }

  @Test
  void canonicalTextReadsAsItself() {
    Document document = only(SERVICE, Syntax.YAML);
    Document again = only(document.json(), Syntax.JSON);
    assertThat(again.json()).isEqualTo(document.json());
    assertThat(document.json()).startsWith("{\"apiVersion\":");
  }

  @Test
  void documentsOfOneTextMayReferToEachOther() {
    String text =
        """
        kind: Pipeline
        metadata: {name: p}
        spec: {stages: [{promotion: {gates: [mine]}}]}
        ---
        kind: QualityGate
        metadata: {name: mine}
        spec: {kind: anywhere}
        """;
    assertThat(Documents.read(text, Syntax.YAML, VOCABULARY))
        .extracting(Document::kind)
        .containsExactly("Pipeline", "QualityGate");
  }

  @Test
  void whatASubmissionRefusesOfAGateIsRefusedWhereItsSourcesAreKnown() {
    String text =
        """
        kind: QualityGate
        metadata: {name: tokens}
        spec:
          kind: promql
          source: nowhere
          query: 'up{version="{{version}}"}'
          atMost: 1
        ---
        kind: Pipeline
        metadata: {name: p}
        spec: {stages: [{promotion: {gates: [budget]}}]}
        """;
    GateKinds kinds = new GateKinds(GateKinds.shipped(Set.of()));
    QualityGate budget =
        new QualityGate(
            "budget", "error-budget", QualityGate.Mode.ENFORCE, 0, Map.of("source", "main"));
    Vocabulary offline = new Vocabulary(kinds, Map.of("budget", budget), Set.of(), Set.of());
    assertThat(Documents.read(text, Syntax.YAML, offline)).hasSize(2);

    assertThat(
            catchThrowableOfType(
                    InvalidDocument.class,
                    () -> Documents.read(text, Syntax.YAML, offline.over(MetricSignals.NONE)))
                .problems())
        .extracting(Problem::toString)
        .containsExactly(
            "5:11: spec.source: no sluice.signal.prometheus.nowhere.url is set; there are: none",
            "11:38: spec.stages[0].promotion.gates[0]: gate 'budget': source: no"
                + " sluice.signal.prometheus.main.url is set; there are: none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "{\"kind\": \"x\",}", "{'kind': 1}", "[1] 2", "nul", "{\"a\":1e99999}"})
  void malformedJsonIsSaidToBe(String text) {
    InvalidDocument invalid = invalid(text, Syntax.JSON);
    assertThat(invalid.malformed()).isTrue();
    assertThat(invalid.problems()).hasSize(1);
  }

  @Test
  void malformedJsonNamesLineAndColumn() {
    Problem problem =
        invalid("{\n  \"kind\": \"x\",\n  \"spec\": oops\n}", Syntax.JSON).problems().getFirst();
    assertThat(problem.line()).isEqualTo(3);
    assertThat(problem.column()).isBetween(11, 16);
  }

  @Test
  void duplicateKeysOfJsonAreNamedWithTheirPlaces() {
    List<Problem> problems =
        invalid("{\"a\": 1,\n \"a\": 2, \"b\": {\"c\": 1,\n  \"c\": 2}}", Syntax.JSON).problems();
    assertThat(problems)
        .extracting(Problem::toString)
        .containsExactly("2:2: a: key 'a' is there twice", "3:3: c: key 'c' is there twice");
  }

  @Test
  void nestingIsBoundedInBothSyntaxes() {
    assertThat(invalid("[".repeat(5_000), Syntax.JSON).malformed()).isTrue();
    assertThat(invalid("[".repeat(5_000), Syntax.YAML).malformed()).isTrue();
  }

  @Test
  void sizeIsBoundedInBothSyntaxes() {
    String large = "\"" + "x".repeat(Syntax.MOST_CHARACTERS) + "\"";
    assertThat(invalid(large, Syntax.JSON).malformed()).isTrue();
    assertThat(invalid(large, Syntax.YAML).malformed()).isTrue();
  }

  @Test
  void nameAndKindMustBeWhatTheAddressSays() {
    InvalidDocument invalid =
        catchThrowableOfType(
            InvalidDocument.class,
            () -> Documents.one(SERVICE, Syntax.YAML, "ModelVersion", "other", VOCABULARY));
    assertThat(invalid.problems())
        .extracting(Problem::path)
        .containsExactly("kind", "metadata.name");
  }

  private static String version(String name, String resources) {
    return "kind: ModelVersion\nmetadata: {name: %s}\nspec:\n  service: digits\n  model: {uri: 's3://m', digest: '%s'}\n  resources: %s\n"
        .formatted(name, DIGEST, resources);
  }

  private static String digest(Document document) {
    return ((Document.OfVersion) document).value().digest();
  }

  private static Document only(String text, Syntax syntax) {
    List<Document> documents = Documents.read(text, syntax, VOCABULARY);
    assertThat(documents).hasSize(1);
    return documents.getFirst();
  }

  private static InvalidDocument invalid(String text, Syntax syntax) {
    InvalidDocument invalid =
        catchThrowableOfType(InvalidDocument.class, () -> Documents.read(text, syntax, VOCABULARY));
    assertThat(invalid).isNotNull();
    return invalid;
  }
}
