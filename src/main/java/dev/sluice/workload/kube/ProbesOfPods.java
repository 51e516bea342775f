package dev.sluice.workload.kube;

import dev.sluice.model.ClusterPlacement;
import dev.sluice.model.ModelService;
import dev.sluice.model.Protocol;
import dev.sluice.model.Rejected;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ExecAction;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import java.util.List;

/**
 * The kubelet's own probes, for servers that take minutes to load a model. They only ask whether
 * the server is up: what makes a replica ready for users is Sluice's probe in depth. Liveness never
 * runs an inference, else a full queue would have the server restarted.
 */
final class ProbesOfPods {
  private static final int LOAD_SECONDS = 30 * 60;
  private static final int START_PERIOD = 10;
  private static final List<String> INFERENCE =
      List.of(
          "/infer", "/generate", "/completions", "/embeddings", "/predict", "/rerank", "/score");

  private ProbesOfPods() {}

  /**
   * Adds those that the template leaves out.
   *
   * @throws Rejected if liveness would run an inference
   */
  static void complete(Container server, ModelService service, ClusterPlacement place) {
    requireHarmless(server.getLivenessProbe());
    String live = service.protocol() == Protocol.KSERVE_V2 ? "/v2/health/live" : "/health";
    String ready = service.protocol() == Protocol.KSERVE_V2 ? "/v2/health/ready" : "/health";
    if (server.getStartupProbe() == null) {
      server.setStartupProbe(get(ready, place, START_PERIOD, 3, LOAD_SECONDS / START_PERIOD));
    }
    if (server.getReadinessProbe() == null) {
      server.setReadinessProbe(get(ready, place, 5, 3, 3));
    }
    if (server.getLivenessProbe() == null) {
      server.setLivenessProbe(get(live, place, 10, 5, 6));
    }
  }

  private static void requireHarmless(Probe liveness) {
    if (liveness == null) {
      return;
    }
    HTTPGetAction get = liveness.getHttpGet();
    ExecAction exec = liveness.getExec();
    String asked =
        get != null
            ? String.valueOf(get.getPath())
            : exec != null ? String.join(" ", exec.getCommand()) : "";
    if (INFERENCE.stream().anyMatch(asked::contains)) {
      throw new Rejected(
          "livenessProbe in placement.template must not run an inference, a full queue would have"
              + " the server restarted: it asks '%s'; its health endpoint would be right"
                  .formatted(asked));
    }
  }

  private static Probe get(
      String path, ClusterPlacement place, int period, int timeout, int failures) {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath(path)
        .withPort(new IntOrString(place.port()))
        .endHttpGet()
        .withPeriodSeconds(period)
        .withTimeoutSeconds(timeout)
        .withFailureThreshold(failures)
        .build();
  }
}
