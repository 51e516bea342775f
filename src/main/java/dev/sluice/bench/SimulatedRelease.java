package dev.sluice.bench;

import dev.sluice.gate.GateKind;
import dev.sluice.model.FallbackLadder;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Phase;
import dev.sluice.model.Pipeline;
import dev.sluice.model.Protocol;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Share;
import dev.sluice.model.Stage;
import dev.sluice.model.VersionName;
import dev.sluice.signal.Signals;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A release that one gate looks at, with all that a look is told. */
final class SimulatedRelease {
  static final VersionName STABLE = new VersionName("stable");
  static final VersionName CANDIDATE = new VersionName("candidate");
  static final Phase.Point SHADOW = new Phase.Point(0, 0);
  static final Phase.Point HALF = new Phase.Point(1, 2);

  /** Where user requests, or copies of them, reach the candidate. */
  static final List<Phase.Point> POINTS =
      List.of(SHADOW, new Phase.Point(1, 0), new Phase.Point(1, 1), HALF, new Phase.Point(2, 0));

  private static final ServiceName SERVICE = new ServiceName("bench");
  private static final String NO_DIGEST = "sha256:" + "0".repeat(64);

  private final GateKind kind;
  private final Signals signals;
  private final QualityGate gate;
  private final Pipeline pipeline;

  SimulatedRelease(GateKind kind, Signals signals) {
    this.kind = kind;
    this.signals = signals;
    this.gate = new QualityGate(kind.kind(), kind.kind(), QualityGate.Mode.ENFORCE, .3, Map.of());
    List<String> gates = List.of(kind.kind());
    Duration day = Duration.ofDays(1);
    this.pipeline =
        new Pipeline(
            "bench",
            Evidence.ALPHA,
            List.of(
                new Stage.Shadow(Share.ALL, gates, Duration.ZERO, day),
                new Stage.Canary(
                    List.of(Share.percent(5), Share.percent(25), Share.percent(50)),
                    null,
                    gates,
                    Duration.ZERO,
                    day),
                new Stage.Promotion(gates, Duration.ZERO, day)),
            Pipeline.OnDeadline.ROLLBACK,
            day,
            NO_DIGEST);
  }

  /** One look of the gate at a point of the release. */
  GateKind.Look look(Phase.Point at, String state, Instant now) {
    return kind.look(
        new GateKind.Context(
            release(at),
            gate,
            pipeline.stages().get(at.stage()),
            service(),
            version(CANDIDATE),
            version(STABLE),
            Map.of(),
            List.of(version(STABLE)),
            Evidence.LIMIT,
            SimulatedTraffic.START,
            signals,
            now),
        state);
  }

  private Release release(Phase.Point at) {
    return new Release(
        new ReleaseId(new UUID(0, 1)),
        SERVICE,
        CANDIDATE,
        STABLE,
        Release.Comparison.STABLE,
        pipeline,
        Map.of(gate.name(), gate),
        new Phase.Observing(at, SimulatedTraffic.START, SimulatedTraffic.START),
        null,
        List.of(),
        null,
        "bench",
        SimulatedTraffic.START,
        "",
        Map.of());
  }

  private static ModelService service() {
    return new ModelService(
        SERVICE,
        Map.of(),
        Protocol.KSERVE_V2,
        STABLE,
        "bench",
        new ModelService.Slo(.99, Duration.ofDays(30), Map.of(.95, Duration.ofSeconds(1))),
        new ModelService.Placement("process", 1, List.of("server")),
        new ModelService.TrafficPolicy("sluice", null, List.of(), Duration.ofSeconds(10), "/0"),
        new ModelService.Warm(Duration.ofHours(1), Duration.ofMinutes(1)),
        FallbackLadder.NONE);
  }

  private static ModelVersion version(VersionName name) {
    return new ModelVersion(
        name,
        SERVICE,
        null,
        new ModelVersion.Artifact(URI.create("file:model"), NO_DIGEST),
        null,
        ModelVersion.Contract.ANY,
        new ModelVersion.Resources(0, 0, 1 << 20),
        ModelVersion.Warmup.NONE,
        List.of(),
        Map.of(),
        NO_DIGEST);
  }
}
