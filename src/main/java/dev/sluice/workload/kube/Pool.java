package dev.sluice.workload.kube;

import dev.sluice.model.Capacity;
import dev.sluice.model.ClusterPlacement;
import dev.sluice.model.Rejected;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that pods of a service may run on: ready, not cordoned, with the labels and in the
 * zones that its placement asks for, and with no taint that it doesn't tolerate.
 */
record Pool(ClusterPlacement.Pool wanted, List<Node> nodes) {
  /** Of a node: memory of one of its GPUs in MiB, as NVIDIA's GPU feature discovery writes it. */
  private static final String GPU_MEMORY = "nvidia.com/gpu.memory";

  private static final int MIB_BITS = 20;

  static Pool of(ClusterPlacement place, List<Node> all) {
    List<Toleration> tolerations = PodDefaults.tolerations(place.pool());
    return new Pool(
        place.pool(),
        all.stream()
            .filter(node -> Owned.selectsAll(place.pool().nodeSelector(), node))
            .filter(
                node -> place.pool().zones().isEmpty() || place.pool().zones().contains(zone(node)))
            .filter(Pool::takesPods)
            .filter(node -> tolerated(node, tolerations))
            .toList());
  }

  /** The zone of a node; empty where its label is missing. */
  static String zone(Node node) {
    return Owned.label(node, PodDefaults.ZONE).orElse("");
  }

  /**
   * What a new version can't be scheduled for, however long one waits.
   *
   * @throws Rejected naming what is asked for and what there is
   */
  void requireFit(int gpus, List<Node> all) {
    if (!nodes.isEmpty() && gpus > 0 && nodes.stream().noneMatch(node -> has(node, wanted.gpu()))) {
      Set<String> offered =
          nodes.stream()
              .flatMap(node -> node.getStatus().getAllocatable().keySet().stream())
              .filter(resource -> resource.contains("/"))
              .collect(Collectors.toCollection(TreeSet::new));
      throw new Rejected(
          "placement.pool.gpu is '%s', but no node of the pool offers it; they offer %s"
              .formatted(wanted.gpu(), offered.isEmpty() ? "no extended resource" : offered));
    }
    if (wanted.zones().isEmpty()) {
      return;
    }
    List<String> unlabelled =
        all.stream()
            .filter(node -> Owned.selectsAll(wanted.nodeSelector(), node) && zone(node).isEmpty())
            .map(node -> node.getMetadata().getName())
            .toList();
    if (nodes.isEmpty() && !unlabelled.isEmpty()) {
      throw new Rejected(
          "placement.pool.zones is %s, but nodes of the pool have no label %s: %s"
              .formatted(wanted.zones(), PodDefaults.ZONE, unlabelled));
    }
  }

  /**
   * What the pool has for one service: what nodes can give away, less what strangers' pods on them
   * have asked for.
   *
   * @param own whether a pod is one of the service's
   */
  Capacity capacity(Collection<Pod> pods, Predicate<Pod> own) {
    Map<String, List<Pod>> strangers =
        pods.stream()
            .filter(pod -> pod.getSpec().getNodeName() != null && !own.test(pod) && holds(pod))
            .collect(Collectors.groupingBy(pod -> pod.getSpec().getNodeName()));
    long memory = 0;
    int gpus = 0;
    long gpuBytes = Long.MAX_VALUE;
    SortedMap<String, Integer> byZone = new TreeMap<>();
    for (Node node : nodes) {
      List<Pod> on = strangers.getOrDefault(node.getMetadata().getName(), List.of());
      memory += free(node, on, "memory");
      int free = (int) free(node, on, wanted.gpu());
      gpus += free;
      String zone = zone(node);
      if (!zone.isEmpty()) {
        byZone.merge(zone, free, Integer::sum);
      }
      if (has(node, wanted.gpu())) {
        gpuBytes = Math.min(gpuBytes, gpuBytes(node));
      }
    }
    // a declared zone without a node has no room
    wanted.zones().forEach(zone -> byZone.putIfAbsent(zone, 0));
    return new Capacity(
        memory,
        gpus,
        gpuBytes == Long.MAX_VALUE ? 0 : gpuBytes,
        wanted.zones().isEmpty() ? new TreeMap<>() : byZone);
  }

  private static long free(Node node, List<Pod> strangers, String resource) {
    long taken = strangers.stream().mapToLong(pod -> asked(pod, resource)).sum();
    return Math.max(0, amount(node.getStatus().getAllocatable().get(resource)) - taken);
  }

  private static long asked(Pod pod, String resource) {
    long together =
        pod.getSpec().getContainers().stream().mapToLong(of -> asked(of, resource)).sum();
    long first =
        pod.getSpec().getInitContainers().stream()
            .mapToLong(of -> asked(of, resource))
            .max()
            .orElse(0);
    return Math.max(together, first);
  }

  private static long asked(Container container, String resource) {
    if (container.getResources() == null) {
      return 0;
    }
    Map<String, Quantity> requests = container.getResources().getRequests();
    Map<String, Quantity> limits = container.getResources().getLimits();
    Quantity asked = requests == null ? null : requests.get(resource);
    if (asked == null && limits != null) {
      asked = limits.get(resource); // a request defaults to its limit
    }
    return amount(asked);
  }

  private static long amount(@Nullable Quantity quantity) {
    return quantity == null ? 0 : quantity.getNumericalAmount().longValue();
  }

  private static boolean has(Node node, String resource) {
    return amount(node.getStatus().getAllocatable().get(resource)) > 0;
  }

  private static long gpuBytes(Node node) {
    return Owned.label(node, GPU_MEMORY)
        .filter(text -> text.matches("\\d{1,9}"))
        .map(text -> Long.parseLong(text) << MIB_BITS)
        .orElse(0L);
  }

  private static boolean holds(Pod pod) {
    String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    return !"Succeeded".equals(phase) && !"Failed".equals(phase);
  }

  private static boolean takesPods(Node node) {
    return !Boolean.TRUE.equals(node.getSpec().getUnschedulable())
        && node.getStatus().getConditions().stream()
            .anyMatch(of -> "Ready".equals(of.getType()) && "True".equals(of.getStatus()));
  }

  private static boolean tolerated(Node node, List<Toleration> tolerations) {
    return node.getSpec().getTaints().stream()
        .filter(taint -> !"PreferNoSchedule".equals(taint.getEffect()))
        .allMatch(taint -> tolerations.stream().anyMatch(toleration -> bears(toleration, taint)));
  }

  private static boolean bears(Toleration toleration, Taint taint) {
    boolean effect =
        toleration.getEffect() == null
            || toleration.getEffect().isEmpty()
            || toleration.getEffect().equals(taint.getEffect());
    boolean exists = "Exists".equals(toleration.getOperator());
    boolean key =
        (toleration.getKey() == null || toleration.getKey().isEmpty())
            ? exists
            : toleration.getKey().equals(taint.getKey());
    boolean value =
        exists || String.valueOf(toleration.getValue()).equals(String.valueOf(taint.getValue()));
    return effect && key && value;
  }
}
