package dev.sluice.workload.kube;

import dev.sluice.model.ServiceName;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.util.Map;

/** The PodDisruptionBudgets of pinned versions. */
final class Budgets {
  private final Owned owned;
  private final Writes writes;

  Budgets(Owned owned, Writes writes) {
    this.owned = owned;
    this.writes = writes;
  }

  /**
   * Sees to it that it is there, unless somebody else's protects the same pods: with two budgets a
   * pod can't be evicted at all, not even in order.
   */
  void keep(NamespaceView view, PodDisruptionBudget wanted, ServiceName service) {
    Map<String, String> pods = wanted.getSpec().getSelector().getMatchLabels();
    boolean protectedAlready =
        view.budgets.all().stream()
            .anyMatch(other -> !owned.owns(other, service) && covers(other, pods));
    PodDisruptionBudget live = view.budgets.named(wanted.getMetadata().getName()).orElse(null);
    if (live == null) {
      if (!protectedAlready) {
        writes.create(wanted);
      }
      return;
    }
    owned.require(live, service);
    if (!wanted.getSpec().getMinAvailable().equals(live.getSpec().getMinAvailable())
        || live.getSpec().getMaxUnavailable() != null
        || !pods.equals(live.getSpec().getSelector().getMatchLabels())) {
      writes.update(
          new PodDisruptionBudgetBuilder(live)
              .editSpec()
              .withMinAvailable(wanted.getSpec().getMinAvailable())
              .withMaxUnavailable(null)
              .withSelector(wanted.getSpec().getSelector())
              .endSpec()
              .build());
    }
  }

  private static boolean covers(PodDisruptionBudget other, Map<String, String> pods) {
    LabelSelector selector = other.getSpec().getSelector();
    return selector != null
        && selector.getMatchLabels() != null
        && !selector.getMatchLabels().isEmpty()
        && pods.entrySet().containsAll(selector.getMatchLabels().entrySet());
  }
}
