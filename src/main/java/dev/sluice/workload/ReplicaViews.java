package dev.sluice.workload;

import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import java.net.URI;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The replicas of one version, as they are taken together. */
public record ReplicaViews(List<ReplicaView> views) {
  public ReplicaViews {
    views = List.copyOf(views);
  }

  /**
   * How the version is.
   *
   * @param none the phrase for one without replicas
   */
  public WorkloadStatus status(VersionName version, int wanted, String none) {
    Optional<ReplicaView> dead = views.stream().filter(view -> view.death() != null).findFirst();
    int ready = (int) views.stream().filter(ReplicaView::ready).count();
    return new WorkloadStatus(
        version,
        wanted,
        ready,
        dead.map(ReplicaView::death).orElse(null),
        dead.map(ReplicaView::diedAt).orElse(null),
        lastProof(),
        views.isEmpty() ? none : detail(ready));
  }

  /** Where those answer that may serve. */
  public List<URI> endpoints() {
    return views.stream().map(ReplicaView::endpoint).filter(Objects::nonNull).toList();
  }

  /** Of the first that failed, else of the one probed longest ago. */
  public Optional<ProbeResult> lastProbe() {
    return views.stream()
        .map(ReplicaView::lastProbe)
        .filter(Objects::nonNull)
        .min(Comparator.comparing(ProbeResult::ok).thenComparing(ProbeResult::at));
  }

  /** The oldest of the replicas' proofs; null while one was never proven. */
  private @Nullable Instant lastProof() {
    List<Instant> proofs =
        views.stream().map(ReplicaView::lastProof).filter(Objects::nonNull).toList();
    return proofs.size() < views.size()
        ? null
        : proofs.stream().min(Instant::compareTo).orElse(null);
  }

  private String detail(int ready) {
    String details =
        views.stream().map(ReplicaView::detail).distinct().collect(Collectors.joining(" | "));
    return views.size() == 1 ? details : ready + " of " + views.size() + " ready: " + details;
  }
}
