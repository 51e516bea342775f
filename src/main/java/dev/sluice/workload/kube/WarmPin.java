package dev.sluice.workload.kube;

import dev.sluice.model.ServiceName;
import dev.sluice.model.VersionName;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import java.util.List;
import java.util.Optional;

/**
 * Keeps autoscalers above the floor of a version's replicas (law 7): the minimum of a
 * HorizontalPodAutoscaler is raised while the version is wanted, and put back afterwards.
 */
final class WarmPin {
  /** Of an autoscaler: {@code service/version} that its minimum was raised for. */
  static final String RAISED_FOR = "sluice.dev/raised-for";

  /** Of an autoscaler: its minimum before. */
  static final String MINIMUM_BEFORE = "sluice.dev/min-replicas-before";

  /** Of an autoscaler: what its minimum was raised to. */
  static final String MINIMUM_RAISED = "sluice.dev/min-replicas-raised";

  private final Writes writes;

  WarmPin(Writes writes) {
    this.writes = writes;
  }

  /** Those that scale the Deployment. */
  static List<HorizontalPodAutoscaler> of(List<HorizontalPodAutoscaler> all, String deployment) {
    return all.stream()
        .filter(
            scaler ->
                "Deployment".equals(scaler.getSpec().getScaleTargetRef().getKind())
                    && deployment.equals(scaler.getSpec().getScaleTargetRef().getName()))
        .toList();
  }

  /** Why the floor can't be kept against one of them; empty if it can. */
  static Optional<String> conflict(List<HorizontalPodAutoscaler> scalers, int floor) {
    for (HorizontalPodAutoscaler scaler : scalers) {
      String name = "HorizontalPodAutoscaler '" + scaler.getMetadata().getName() + "'";
      int most = scaler.getSpec().getMaxReplicas();
      if (most < floor) {
        return Optional.of(
            "%s has maxReplicas %d, below the %d replicas of the service"
                .formatted(name, most, floor));
      }
      Optional<OwnerReference> owner =
          scaler.getMetadata().getOwnerReferences().stream()
              .filter(reference -> Boolean.TRUE.equals(reference.getController()))
              .findFirst();
      if (owner.isPresent() && minimum(scaler) < floor) {
        return Optional.of(
            "%s may scale down to %d, below the %d replicas of the service, and %s '%s' owns it: raise the minimum there"
                .formatted(
                    name, minimum(scaler), floor, owner.get().getKind(), owner.get().getName()));
      }
    }
    return Optional.empty();
  }

  /** Raises what is below the floor; what was raised higher before is let down to it. */
  void keep(
      List<HorizontalPodAutoscaler> scalers, ServiceName service, VersionName version, int floor) {
    for (HorizontalPodAutoscaler scaler : scalers) {
      int before = number(scaler, MINIMUM_BEFORE).orElse(minimum(scaler));
      int right = Math.max(before, floor);
      boolean ours = before < floor || isFor(scaler, service, version);
      if (ours && minimum(scaler) != right && conflict(List.of(scaler), floor).isEmpty()) {
        writes.update(
            new HorizontalPodAutoscalerBuilder(scaler)
                .editMetadata()
                .addToAnnotations(RAISED_FOR, word(service, version))
                .addToAnnotations(MINIMUM_BEFORE, Integer.toString(before))
                .addToAnnotations(MINIMUM_RAISED, Integer.toString(right))
                .endMetadata()
                .editSpec()
                .withMinReplicas(right)
                .endSpec()
                .build());
      }
    }
  }

  /** Puts back what was raised for the version; a minimum that somebody set since then stays. */
  void release(List<HorizontalPodAutoscaler> all, ServiceName service, VersionName version) {
    for (HorizontalPodAutoscaler scaler : all) {
      if (isFor(scaler, service, version)) {
        boolean asRaised = number(scaler, MINIMUM_RAISED).orElse(-1) == minimum(scaler);
        writes.update(
            new HorizontalPodAutoscalerBuilder(scaler)
                .editMetadata()
                .removeFromAnnotations(RAISED_FOR)
                .removeFromAnnotations(MINIMUM_BEFORE)
                .removeFromAnnotations(MINIMUM_RAISED)
                .endMetadata()
                .editSpec()
                .withMinReplicas(
                    asRaised
                        ? number(scaler, MINIMUM_BEFORE).orElse(minimum(scaler))
                        : minimum(scaler))
                .endSpec()
                .build());
      }
    }
  }

  private static Optional<Integer> number(HorizontalPodAutoscaler scaler, String key) {
    // somebody may have written there what is no number
    return Owned.annotation(scaler, key)
        .filter(text -> text.matches("\\d{1,9}"))
        .map(Integer::parseInt);
  }

  static boolean isFor(HorizontalPodAutoscaler scaler, ServiceName service, VersionName version) {
    return word(service, version).equals(Owned.annotation(scaler, RAISED_FOR).orElse(""));
  }

  private static String word(ServiceName service, VersionName version) {
    return service + "/" + version;
  }

  private static int minimum(HorizontalPodAutoscaler scaler) {
    Integer minimum = scaler.getSpec().getMinReplicas();
    return minimum == null ? 1 : minimum;
  }
}
