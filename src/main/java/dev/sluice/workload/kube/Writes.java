package dev.sluice.workload.kube;

import dev.sluice.model.Rejected;
import dev.sluice.model.Unavailable;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Writes to the API server. What is changed or deleted is so only in the state in which it was
 * seen: where somebody else was faster, another replica of Sluice or the watch that hasn't told of
 * our own last write yet, nothing is done, and the next pass looks again. Otherwise every method
 * throws {@link Unavailable} or {@link Rejected} as {@link ApiFaults} tells.
 */
final class Writes {
  private static final System.Logger LOG = System.getLogger(Writes.class.getName());
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  private final KubernetesClient client;

  Writes(KubernetesClient client) {
    this.client = client;
  }

  void create(HasMetadata object) {
    asked("create", object, () -> client.resource(object).create());
  }

  /** Writes an edited copy of what was read, with its {@code resourceVersion}. */
  void update(HasMetadata edited) {
    asked("update", edited, () -> client.resource(edited).update());
  }

  /** Deletes it; what hangs on it follows in the background, as is the client's default. */
  void delete(HasMetadata seen) {
    asked(
        "delete",
        seen,
        () ->
            client
                .resource(seen)
                .lockResourceVersion(seen.getMetadata().getResourceVersion())
                .delete());
  }

  /** Sets one annotation of a pod, and nothing else. */
  void annotate(Pod pod, String key, String value) {
    String patch =
        client
            .getKubernetesSerialization()
            .asJson(Map.of("metadata", Map.of("annotations", Map.of(key, value))));
    asked(
        "patch",
        pod,
        () -> client.resource(pod).patch(PatchContext.of(PatchType.JSON_MERGE), patch));
  }

  private static void asked(String verb, HasMetadata object, Supplier<?> call) {
    try {
      var unused = call.get();
    } catch (KubernetesClientException e) {
      boolean gone = e.getCode() == NOT_FOUND && !verb.equals("create");
      if (gone || e.getCode() == CONFLICT) {
        LOG.log(
            System.Logger.Level.DEBUG, "{0} {1}: {2}", verb, object.getPlural(), e.getMessage());
        return;
      }
      String namespace = object.getMetadata().getNamespace();
      throw ApiFaults.of(verb, object.getPlural(), namespace == null ? "" : namespace, e);
    }
  }
}
