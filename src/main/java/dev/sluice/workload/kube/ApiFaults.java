package dev.sluice.workload.kube;

import dev.sluice.model.PortException;
import dev.sluice.model.Rejected;
import dev.sluice.model.Unavailable;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;

/** What it means that the API server didn't do something. */
final class ApiFaults {
  private static final String TERMINATING = "NamespaceTerminating";

  private ApiFaults() {}

  /**
   * @param verb as RBAC says it, e.g. {@code create}
   * @param resource in the plural, e.g. {@code deployments}
   * @param namespace empty for a resource of the cluster
   */
  static PortException of(
      String verb, String resource, String namespace, KubernetesClientException fault) {
    String what =
        "%s %s%s"
            .formatted(
                verb, resource, namespace.isEmpty() ? "" : " in namespace '" + namespace + "'");
    String said = said(fault);
    return switch (fault.getCode()) {
      case 401 ->
          new Unavailable(
              "can't " + what + ": the API server doesn't know who asks: " + said, fault);
      case 403 ->
          isTerminating(fault)
              ? new Rejected("can't %s: the namespace is being deleted".formatted(what), fault)
              : new Unavailable(
                  "may not %s: RBAC (k8s/rbac) must allow the verb '%s' on '%s'%s; the API server says: %s"
                      .formatted(
                          what,
                          verb,
                          resource,
                          namespace.isEmpty() ? " in the cluster" : " in '" + namespace + "'",
                          said),
                  fault);
      case 404 ->
          verb.equals("create")
              ? new Rejected(
                  "can't %s: there is no such namespace: %s".formatted(what, said), fault)
              : new Unavailable("can't %s: not there: %s".formatted(what, said), fault);
      case 400, 422 ->
          new Rejected("can't %s: the API server refuses it: %s".formatted(what, said), fault);
      default -> new Unavailable("can't %s: %s".formatted(what, said), fault);
    };
  }

  private static boolean isTerminating(KubernetesClientException fault) {
    Status status = fault.getStatus();
    if (status == null || status.getDetails() == null) {
      return false;
    }
    List<StatusCause> causes = status.getDetails().getCauses();
    return causes.stream().anyMatch(cause -> TERMINATING.equals(cause.getReason()));
  }

  private static String said(KubernetesClientException fault) {
    Status status = fault.getStatus();
    String said = status == null ? null : status.getMessage();
    Throwable cause = fault.getCause();
    if (said == null && cause != null) {
      said = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
    return said == null ? String.valueOf(fault.getMessage()) : said;
  }
}
