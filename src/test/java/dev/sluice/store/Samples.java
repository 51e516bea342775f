package dev.sluice.store;

import dev.sluice.model.Decision;
import dev.sluice.model.Effect;
import dev.sluice.model.Event;
import dev.sluice.model.FallbackLadder;
import dev.sluice.model.GateMemory;
import dev.sluice.model.GateReport;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Phase;
import dev.sluice.model.Pipeline;
import dev.sluice.model.Protocol;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Serving;
import dev.sluice.model.Share;
import dev.sluice.model.Stage;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Plain things to store. */
public final class Samples {
  public static final Instant T0 = Instant.parse("2026-03-01T12:00:00Z");
  public static final Duration LEASE = Duration.ofSeconds(30);
  public static final String ALICE = "alice";

  private Samples() {}

  public static ModelService service(String name) {
    return new ModelService(
        new ServiceName(name),
        Map.of("team", "vision"),
        Protocol.KSERVE_V2,
        new VersionName("v1"),
        "classifier",
        new ModelService.Slo(0.999, Duration.ofDays(30), Map.of(0.95, Duration.ofMillis(40))),
        new ModelService.Placement("process", 2, List.of("serve", "{port}")),
        new ModelService.TrafficPolicy(
            "sluice", "x-user", List.of("POST /infer"), Duration.ofSeconds(2), "/outputs/0"),
        new ModelService.Warm(Duration.ofHours(1), Duration.ofSeconds(5)),
        new FallbackLadder(
            List.of(
                new FallbackLadder.SmallerVersion(new VersionName("small")),
                new FallbackLadder.Provider("api", URI.create("https://example.org/v1")),
                new FallbackLadder.Rule(200, "{\"digit\":null}"),
                new FallbackLadder.Disabled("resting"))));
  }

  public static ModelVersion version(String name, String digest) {
    return new ModelVersion(
        new VersionName(name),
        new ServiceName("digits"),
        null,
        new ModelVersion.Artifact(URI.create("file:models/" + name), "sha256:" + "0".repeat(64)),
        null,
        new ModelVersion.Contract("{\"type\":\"object\"}", null),
        new ModelVersion.Resources(0, 0, 200_000_000),
        new ModelVersion.Warmup(50, Duration.ofSeconds(1)),
        List.of("--model", name),
        Map.of("commit", "3f2c"),
        digest);
  }

  public static Pipeline pipeline() {
    return new Pipeline(
        "classifier",
        0.01,
        List.of(
            new Stage.Staging(List.of("readiness"), Duration.ZERO, Duration.ofMinutes(1)),
            new Stage.Canary(
                List.of(Share.percent(5), Share.percent(50)),
                new Stage.Approval(Share.percent(50), true),
                List.of("latency", "errors"),
                Duration.ofSeconds(5),
                Duration.ofMinutes(2)),
            new Stage.Promotion(List.of("errors"), Duration.ofSeconds(5), Duration.ofMinutes(2))),
        Pipeline.OnDeadline.ROLLBACK,
        Duration.ofSeconds(1),
        "sha256:" + "1".repeat(64));
  }

  public static Release release(String service, String candidate) {
    return new Release(
        new ReleaseId(UUID.randomUUID()),
        new ServiceName(service),
        new VersionName(candidate),
        new VersionName("v1"),
        Release.Comparison.STABLE,
        pipeline(),
        Map.of(
            "latency",
            new QualityGate(
                "latency",
                "latency",
                QualityGate.Mode.ENFORCE,
                0.3,
                Map.of("margin", Map.of("p95", 0.25), "floorMillis", 1))),
        new Phase.Submitted(T0),
        null,
        List.of(),
        null,
        ALICE,
        T0,
        "better",
        Map.of("commit", "3f2c", "team", "vision"));
  }

  public static Phase observing(Instant now) {
    return new Phase.Observing(new Phase.Point(1, 0), now, now);
  }

  public static GateMemory memory(String gate, String stage, Verdict verdict, String state) {
    LinkedHashMap<String, String> statistics = new LinkedHashMap<>();
    statistics.put("z", "first");
    statistics.put("a", "second");
    return new GateMemory(
        state,
        new GateReport(
            gate,
            gate,
            stage,
            verdict,
            new GateReport.Progress(0.5, 4.6),
            null,
            120,
            statistics,
            "router",
            null,
            T0,
            T0,
            new Effect("failed requests", Effect.Scale.DIFFERENCE, .01, -.02, .04, .95)));
  }

  /** The release in another phase, with nothing else to it. */
  public static Decision moved(Claim claim, Phase to, Duration lookAgain) {
    Release release = java.util.Objects.requireNonNull(claim.release());
    return new Decision(
        release.in(to),
        claim.serving(),
        List.of(
            new Event(
                to.since(),
                "transition",
                Event.SLUICE,
                release.phase().word(),
                to.word(),
                null,
                "moved on")),
        lookAgain);
  }

  public static Serving promoted() {
    return new Serving(
        new VersionName("v2"),
        new Serving.Previous(new VersionName("v1"), T0.plus(Duration.ofHours(1))));
  }
}
