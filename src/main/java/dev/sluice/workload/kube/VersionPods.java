package dev.sluice.workload.kube;

import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.workload.ReplicaView;
import dev.sluice.workload.ReplicaViews;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The pods of one version. Pods on their way out are none of them. */
final class VersionPods {
  private static final System.Logger LOG = System.getLogger(VersionPods.class.getName());

  private final Around around;
  private final VersionName version;
  // guarded by this
  private final Map<String, PodReplica> replicas = new HashMap<>();
  private PodReplica.Wish wish;
  private int wanted;
  private boolean revive;
  private @Nullable String note;
  private @Nullable String death;
  private @Nullable Instant diedAt;
  private boolean over;

  VersionPods(Around around, VersionName version, PodReplica.Wish wish) {
    this.around = around;
    this.version = version;
    this.wish = wish;
  }

  /**
   * Says what they should be.
   *
   * @param told what else is to be told of the version; null: nothing
   */
  synchronized void wish(
      PodReplica.Wish wished, int replicasWanted, boolean revived, @Nullable String told) {
    this.wish = wished;
    this.wanted = replicasWanted;
    this.revive = revived;
    this.note = told;
    if (revive) {
      death = null;
      diedAt = null;
    }
  }

  /** Takes in what the watch tells of them all. */
  synchronized void see(Collection<Pod> pods) {
    if (over) {
      return;
    }
    Set<String> there = new HashSet<>();
    for (Pod pod : pods) {
      if (pod.getMetadata().getDeletionTimestamp() != null) {
        continue;
      }
      String uid = pod.getMetadata().getUid();
      there.add(uid);
      PodReplica known = replicas.get(uid);
      if (known == null) {
        replicas.put(uid, new PodReplica(around, pod, wish));
      } else {
        known.see(pod, wish);
      }
    }
    replicas
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !there.contains(entry.getKey());
              if (gone) {
                entry.getValue().leave();
              }
              return gone;
            });
    noteDeath();
  }

  /** A candidate's first death stays a finding, whatever the kubelet starts again (law 18). */
  private void noteDeath() {
    if (revive || death != null) {
      return;
    }
    for (PodReplica replica : replicas.values()) {
      PodLook look = replica.look();
      if (look.end() != null) {
        death = "pod " + replica.name() + ": " + look.end();
        diedAt = look.endedAt() == null ? around.clock().instant() : look.endedAt();
        LOG.log(System.Logger.Level.WARNING, "version {0}: {1}", version, death);
        return;
      }
    }
  }

  synchronized void leave() {
    over = true;
    replicas.values().forEach(PodReplica::leave);
    replicas.clear();
  }

  synchronized WorkloadStatus status() {
    WorkloadStatus of = views().status(version, wanted, "no pod yet");
    return new WorkloadStatus(
        version,
        wanted,
        of.ready(),
        death,
        diedAt,
        of.lastProof(),
        note == null ? of.detail() : of.detail() + "; " + note);
  }

  /** All of them, in the order of their pods' names. */
  synchronized ReplicaViews views() {
    List<PodReplica> sorted = new ArrayList<>(replicas.values());
    sorted.sort((a, b) -> a.name().compareTo(b.name()));
    return new ReplicaViews(sorted.stream().map(PodReplica::view).toList());
  }

  /**
   * The zone of each that is ready, by the name of its pod.
   *
   * @param zoneOfNode empty where it isn't known
   */
  synchronized Map<String, String> zones(Function<String, String> zoneOfNode) {
    Map<String, String> zones = new TreeMap<>();
    for (PodReplica replica : replicas.values()) {
      ReplicaView view = replica.view();
      String zone = zoneOfNode.apply(replica.node());
      if (view.ready() && !zone.isEmpty()) {
        zones.put(replica.name(), zone);
      }
    }
    return zones;
  }
}
