package dev.sluice.workload.kube;

import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.PortException;
import dev.sluice.workload.Bell;
import dev.sluice.workload.Probe;
import dev.sluice.workload.ProbeResult;
import dev.sluice.workload.Readiness;
import dev.sluice.workload.ReplicaView;
import io.fabric8.kubernetes.api.model.Pod;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One pod: what its kubelet says, and what Sluice's own probes in depth find. A virtual thread of
 * its own probes it while the kubelet calls it ready; what the watch tells wakes it.
 */
final class PodReplica {
  /**
   * Of a pod: the container that was warmed up. A controller that comes later doesn't warm up again
   * what serves users.
   */
  static final String WARMED = "sluice.dev/warmed";

  private static final System.Logger LOG = System.getLogger(PodReplica.class.getName());
  private static final Duration FOREVER = Duration.ofDays(365);

  /** What it should serve. */
  record Wish(ModelService service, ModelVersion version, String container, int port) {}

  private final Around around;
  private final Bell bell = new Bell();
  // from here to view: only within the bell's lock
  private Pod pod;
  private Wish wish;
  private PodLook look;
  private @Nullable String probedRun;
  private Readiness readiness;
  private boolean over;

  private volatile ReplicaView view = new ReplicaView("starting", null, null, null, null, null);

  PodReplica(Around around, Pod pod, Wish wish) {
    this.around = around;
    this.pod = pod;
    this.wish = wish;
    this.look = PodLook.at(pod, wish.container());
    this.readiness = readiness(false);
    see(pod, wish);
    Thread.ofVirtual().name("pod-" + pod.getMetadata().getName()).start(this::live);
  }

  /** Takes in what the watch tells. */
  void see(Pod now, Wish wished) {
    within(
        () -> {
          pod = now;
          wish = wished;
          look = PodLook.at(now, wished.container());
          String run = look.run();
          if (run != null && !run.equals(probedRun)) {
            probedRun = run;
            readiness = readiness(run.equals(Owned.annotation(now, WARMED).orElse("")));
          }
          bell.ring();
          return null;
        });
  }

  /** Lets go of it. */
  void leave() {
    within(
        () -> {
          over = true;
          bell.ring();
          return null;
        });
  }

  ReplicaView view() {
    return view;
  }

  /** What the kubelet last said. */
  PodLook look() {
    return within(() -> look);
  }

  String name() {
    return within(() -> pod.getMetadata().getName());
  }

  /** Empty text before it is scheduled. */
  String node() {
    return within(() -> Objects.requireNonNullElse(pod.getSpec().getNodeName(), ""));
  }

  private void live() {
    while (!within(() -> over)) {
      Duration pause;
      try {
        pause = probe();
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "probe of pod " + name(), e);
        pause = around.options().probeEvery();
      }
      bell.await(pause);
    }
  }

  private record Asked(URI base, Wish wish, Readiness readiness) {}

  private Duration probe() {
    Asked asked =
        within(
            () -> {
              URI base = base();
              return base == null ? null : new Asked(base, wish, readiness);
            });
    if (asked == null) {
      return FOREVER;
    }
    ModelVersion version = asked.wish().version();
    boolean before = view.ready();
    int abreast = within(() -> asked.readiness().abreast(version.warmup()));
    List<ProbeResult> results =
        Probe.abreast(
            abreast, () -> around.probe().probe(asked.base(), asked.wish().service(), version));
    Duration pause = Duration.ZERO;
    for (ProbeResult result : results) {
      pause = within(() -> weigh(asked, result));
    }
    if (before != view.ready()) {
      if (view.ready()) {
        markWarm();
      }
      around.changed().run();
    }
    return pause;
  }

  private Duration weigh(Asked asked, ProbeResult result) {
    if (readiness != asked.readiness()) {
      return Duration.ZERO; // restarted meanwhile
    }
    return readiness.weigh(
        result, asked.wish().version().warmup(), asked.wish().service().warm().proveEvery());
  }

  private void markWarm() {
    String run = within(() -> probedRun);
    Pod seen = within(() -> pod);
    if (run != null && !run.equals(Owned.annotation(seen, WARMED).orElse(""))) {
      try {
        around.writes().annotate(seen, WARMED, run);
      } catch (PortException e) {
        // it only saves the next controller a warm-up
        LOG.log(System.Logger.Level.WARNING, "pod {0}: {1}", name(), e.getMessage());
      }
    }
  }

  private Readiness readiness(boolean warm) {
    return new Readiness(warm, around.options().probeEvery(), around.options().warmupLimit());
  }

  /** Where it answers; null while the kubelet doesn't call it ready. */
  private @Nullable URI base() {
    String address = look.address();
    if (!look.up() || address == null) {
      return null;
    }
    String host = address.contains(":") ? "[" + address + "]" : address;
    return URI.create("http://" + host + ":" + wish.port());
  }

  private <T extends @Nullable Object> T within(Supplier<T> action) {
    return bell.within(action, this::publish);
  }

  private void publish() {
    URI base = base();
    view =
        new ReplicaView(
            base == null ? look.detail() : readiness.detail(),
            base != null && readiness.isReady() ? base : null,
            null,
            null,
            readiness.lastProof(),
            readiness.lastProbe());
  }
}
