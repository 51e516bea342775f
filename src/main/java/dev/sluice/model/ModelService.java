package dev.sluice.model;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A served endpoint that callers use, as its owner declared it.
 *
 * @param stable the version it starts with; after the first time only a promotion changes what is
 *     stable (see {@link Serving}). Null: the first release of the service becomes its first stable
 * @param pipeline the pipeline a release passes unless the submission names another
 */
public record ModelService(
    ServiceName name,
    Map<String, String> labels,
    Protocol protocol,
    @Nullable VersionName stable,
    String pipeline,
    Slo slo,
    Placement placement,
    TrafficPolicy traffic,
    Warm warm,
    FallbackLadder fallback) {

  public ModelService {
    labels = Map.copyOf(labels);
  }

  /**
   * What the service owes its users; the absolute limits of a release that has nothing to compare
   * with.
   *
   * @param availability share of requests answered rightly, 0..1
   * @param window over which availability is counted
   * @param latency upper limits on the time to the whole answer, by quantile (0..1, exclusive)
   */
  public record Slo(double availability, Duration window, Map<Double, Duration> latency) {
    public Slo {
      if (!(availability > 0 && availability < 1)) {
        throw new IllegalArgumentException(
            "availability must be above 0% and below 100%, was " + availability * 100 + "%");
      }
      latency = Map.copyOf(latency);
    }
  }

  /**
   * Where and how versions run.
   *
   * @param platform the {@code Workloads} adapter: {@code process} or {@code kubernetes}
   * @param replicas of each version
   * @param command command line of one server process; {@code {port}}, {@code {model}}, {@code
   *     {version}}, {@code {service}} are filled in, a version's own arguments appended. Empty on a
   *     cluster, where the pod template has it
   * @param cluster where and as what they run on Kubernetes; null elsewhere
   */
  public record Placement(
      String platform, int replicas, List<String> command, @Nullable ClusterPlacement cluster) {
    /** On a platform that is no cluster. */
    public Placement(String platform, int replicas, List<String> command) {
      this(platform, replicas, command, null);
    }

    public Placement {
      if (replicas < 1) {
        throw new IllegalArgumentException("replicas must be 1 or more, was " + replicas);
      }
      command = List.copyOf(command);
    }
  }

  /**
   * How its traffic is routed.
   *
   * @param router the {@code TrafficRouter} adapter: {@code sluice} today
   * @param keyHeader requests with the same value of this header see the same version; null: each
   *     request is drawn for itself
   * @param shadowSafe methods and paths, as {@code POST /v2/models/digits/infer}, that may be
   *     copied to a shadow and repeated on another version: idempotent by the owner's word. {@code
   *     *} stands for one path segment
   * @param timeout after which an upstream answer counts as a timeout
   * @param answer JSON Pointer (RFC 6901) to the part of an answer that labels and fallbacks are
   *     compared with; null: the service has none
   * @param admission what is let in
   * @param balance how it is spread over the replicas of a version
   */
  public record TrafficPolicy(
      String router,
      @Nullable String keyHeader,
      List<String> shadowSafe,
      Duration timeout,
      @Nullable String answer,
      AdmissionPolicy admission,
      BalancePolicy balance) {
    public TrafficPolicy {
      shadowSafe = List.copyOf(shadowSafe);
      if (timeout.isNegative() || timeout.isZero()) {
        throw new IllegalArgumentException("timeout must be above zero, was " + timeout);
      }
    }

    /** With {@link AdmissionPolicy#SAFE} and {@link BalancePolicy#PLAIN}. */
    public TrafficPolicy(
        String router,
        @Nullable String keyHeader,
        List<String> shadowSafe,
        Duration timeout,
        @Nullable String answer) {
      this(
          router,
          keyHeader,
          shadowSafe,
          timeout,
          answer,
          AdmissionPolicy.SAFE,
          BalancePolicy.PLAIN);
    }
  }

  /**
   * How the way back is kept open.
   *
   * @param previousFor how long the previous version stays pinned warm after a promotion
   * @param proveEvery at what interval each pinned version answers a real inference
   */
  public record Warm(Duration previousFor, Duration proveEvery) {}
}
