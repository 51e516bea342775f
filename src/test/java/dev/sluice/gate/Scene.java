package dev.sluice.gate;

import dev.sluice.model.FallbackLadder;
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
import dev.sluice.model.Share;
import dev.sluice.model.Stage;
import dev.sluice.model.VersionName;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One gate in one release of the service {@code digits}, from {@code v1} to {@code v2}: a stage is
 * entered, time passes, the gate looks, its state goes through text as it does over a restart.
 */
final class Scene {
  static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  static final VersionName STABLE = new VersionName("v1");
  static final VersionName CANDIDATE = new VersionName("v2");
  static final int STAGING = 0;
  static final int SYNTHETIC = 1;
  static final int SHADOW = 2;
  static final int CANARY = 3;
  static final int PROMOTION = 4;

  final FakeSignals signals = new FakeSignals();

  /** What the gate sees: its own signals unless several gates share some. */
  FakeSignals shared = signals;

  final GateKind kind;
  final QualityGate gate;
  Instant now = START;
  String state = "";

  Release.Comparison comparison = Release.Comparison.STABLE;
  double logFailLimit = Math.log(100);
  Map<Double, Duration> latencyObjectives = Map.of();
  @Nullable String answer = "/outputs/0/data/0";
  FallbackLadder ladder = FallbackLadder.NONE;
  ModelVersion.Warmup warmup = ModelVersion.Warmup.NONE;

  /** In place of what the schemas below make. */
  ModelVersion.@Nullable Contract stableContract;

  ModelVersion.@Nullable Contract candidateContract;
  @Nullable String stableSchema;
  @Nullable String candidateSchema;

  /** The version before stable, while it is kept warm. */
  @Nullable VersionName pinned;

  ModelVersion.Resources resources = new ModelVersion.Resources(0, 0, 100 << 20);
  List<Share> weights = List.of(Share.percent(5), Share.percent(25), Share.percent(50));

  private Phase.Point at = new Phase.Point(SHADOW, 0);
  private @Nullable Instant since = START;

  Scene(GateKind kind, Map<String, Object> parameters) {
    this.kind = kind;
    this.gate = new QualityGate(kind.kind(), kind.kind(), QualityGate.Mode.ENFORCE, .3, parameters);
  }

  Scene(GateKind kind) {
    this(kind, Map.of());
  }

  /** The release comes to a point, and its split is read back now. */
  Scene enter(int stage, int step) {
    at = new Phase.Point(stage, step);
    since = now;
    return this;
  }

  Scene applying() {
    since = null;
    return this;
  }

  Scene pass(Duration time) {
    now = now.plus(time);
    shared.now = now;
    return this;
  }

  GateReport look() {
    GateKind.Look look = kind.look(context(), state);
    state = look.state();
    return look.report();
  }

  /** What a look says of the log e-value towards failing. */
  double logFail() {
    return Objects.requireNonNull(look().towardsFail()).logEvidence();
  }

  double logPass() {
    return Objects.requireNonNull(look().towardsPass()).logEvidence();
  }

  GateKind.Context context() {
    return new GateKind.Context(
        release(),
        gate,
        pipeline().stages().get(at.stage()),
        service(),
        version(CANDIDATE, candidateSchema),
        comparison == Release.Comparison.STABLE ? version(STABLE, stableSchema) : null,
        Map.of(),
        alongside(),
        logFailLimit,
        since,
        shared.all(),
        now);
  }

  private List<ModelVersion> alongside() {
    List<VersionName> names = new ArrayList<>();
    if (comparison == Release.Comparison.STABLE) {
      names.add(STABLE);
    }
    if (pinned != null) {
      names.add(pinned);
    }
    return names.stream().map(name -> version(name, null)).toList();
  }

  Release release() {
    return new Release(
        new ReleaseId(new UUID(0, 1)),
        new ServiceName("digits"),
        CANDIDATE,
        comparison == Release.Comparison.STABLE ? STABLE : null,
        comparison,
        pipeline(),
        Map.of(gate.name(), gate),
        new Phase.Observing(at, START, START),
        null,
        List.of(),
        null,
        "tester",
        START,
        "",
        Map.of());
  }

  Pipeline pipeline() {
    List<String> gates = List.of(gate.name());
    Duration deadline = Duration.ofMinutes(10);
    return new Pipeline(
        "test",
        .01,
        List.of(
            new Stage.Staging(gates, Duration.ZERO, deadline),
            new Stage.Synthetic("digits", gates, Duration.ZERO, deadline),
            new Stage.Shadow(Share.ALL, gates, Duration.ZERO, deadline),
            new Stage.Canary(weights, null, gates, Duration.ZERO, deadline),
            new Stage.Promotion(gates, Duration.ZERO, deadline)),
        Pipeline.OnDeadline.ROLLBACK,
        Duration.ofSeconds(5),
        "sha256:00");
  }

  ModelService service() {
    return new ModelService(
        new ServiceName("digits"),
        Map.of(),
        Protocol.KSERVE_V2,
        STABLE,
        "test",
        new ModelService.Slo(.999, Duration.ofDays(30), latencyObjectives),
        new ModelService.Placement("process", 1, List.of("server")),
        new ModelService.TrafficPolicy(
            "sluice", null, List.of("POST /v2/models/digits/infer"), Duration.ofSeconds(2), answer),
        new ModelService.Warm(Duration.ofHours(24), Duration.ofSeconds(10)),
        ladder);
  }

  ModelVersion version(VersionName name, @Nullable String schema) {
    return new ModelVersion(
        name,
        new ServiceName("digits"),
        null,
        new ModelVersion.Artifact(URI.create("file:model.bin"), "sha256:" + "0".repeat(64)),
        null,
        contract(name, schema),
        resources,
        warmup,
        List.of(),
        Map.of(),
        "sha256:" + "1".repeat(64));
  }

  private ModelVersion.Contract contract(VersionName name, @Nullable String schema) {
    ModelVersion.Contract own = name.equals(STABLE) ? stableContract : candidateContract;
    return own == null ? new ModelVersion.Contract(null, schema) : own;
  }
}
