package dev.sluice.workload.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.PortException;
import dev.sluice.model.Rejected;
import dev.sluice.model.Unavailable;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;

class ApiFaultsTest {
  @Test
  void missingRightNamesVerbResourceAndNamespaceAndIsNoVerdict() {
    PortException fault =
        fault(
            status(403, "deployments.apps is forbidden: User \"sluice\" cannot create resource")
                .build());
    assertThat(fault)
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("verb 'create' on 'deployments' in 'assist'")
        .hasMessageContaining("User \"sluice\" cannot create");
  }

  @Test
  void namespaceOnItsWayOutTakesNothingNew() {
    PortException fault =
        fault(
            status(403, "unable to create new content in namespace assist")
                .withNewDetails()
                .addNewCause("metadata.namespace", "is being terminated", "NamespaceTerminating")
                .endDetails()
                .build());
    assertThat(fault)
        .isInstanceOf(Rejected.class)
        .hasMessage(
            "can't create deployments in namespace 'assist': the namespace is being deleted");
  }

  @Test
  void missingNamespaceAndInvalidObjectsAreTheUsersToPutRight() {
    assertThat(fault(status(404, "namespaces \"assist\" not found").build()))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("no such namespace");
    assertThat(fault(status(422, "spec.template.spec: Invalid value").build()))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("spec.template.spec: Invalid value");
  }

  @Test
  void serverThatIsGoneIsAnOutage() {
    PortException fault =
        ApiFaults.of(
            "list",
            "pods",
            "assist",
            new KubernetesClientException("An error", new ConnectException("refused")));
    assertThat(fault)
        .isInstanceOf(Unavailable.class)
        .hasMessage("can't list pods in namespace 'assist': refused");
    assertThat(fault(status(500, "etcdserver: request timed out").build()))
        .isInstanceOf(Unavailable.class);
  }

  private static StatusBuilder status(int code, String message) {
    return new StatusBuilder().withCode(code).withMessage(message);
  }

  private static PortException fault(Status status) {
    return ApiFaults.of("create", "deployments", "assist", new KubernetesClientException(status));
  }
}
