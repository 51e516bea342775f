package dev.sluice.workload.kube;

import dev.sluice.model.ClusterPlacement;
import dev.sluice.model.Rejected;
import dev.sluice.model.ServiceName;
import dev.sluice.model.VersionName;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Map;
import java.util.Optional;

/**
 * By what Sluice knows its own objects again. A label finds them, an annotation says whose they
 * are: several installations of Sluice may share a cluster, and a label alone is soon copied.
 *
 * @param installation the name of this installation of Sluice
 */
record Owned(String installation) {
  static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  static final String SERVICE = "sluice.dev/service";
  static final String VERSION = "sluice.dev/version";
  private static final String SLUICE = "sluice";
  private static final String OWNER = "sluice.dev/owner";

  /** Labels of everything that belongs to the version, its pods included. */
  static Map<String, String> labels(ServiceName service, VersionName version) {
    return Map.of(MANAGED_BY, SLUICE, SERVICE, service.value(), VERSION, version.value());
  }

  /** What selects the pods of the version. */
  static Map<String, String> selector(ServiceName service, VersionName version) {
    return Map.of(SERVICE, service.value(), VERSION, version.value());
  }

  /** Annotations that say whose something is. */
  Map<String, String> annotations(ServiceName service) {
    return Map.of(OWNER, identity(service));
  }

  /** Metadata of an object of the version. */
  ObjectMeta metadata(String namespace, ServiceName service, VersionName version) {
    return new ObjectMetaBuilder()
        .withNamespace(namespace)
        .withName(ClusterPlacement.nameOf(service, version))
        .withLabels(labels(service, version))
        .withAnnotations(annotations(service))
        .build();
  }

  /** Whether it is an object of the service, made by this installation. */
  boolean owns(HasMetadata object, ServiceName service) {
    return identity(service).equals(annotation(object, OWNER).orElse(""))
        && SLUICE.equals(label(object, MANAGED_BY).orElse(""));
  }

  /**
   * @throws Rejected if it is a stranger's
   */
  void require(HasMetadata object, ServiceName service) {
    if (!owns(object, service)) {
      throw new Rejected(
          "%s '%s' in namespace '%s' is there already, and is not this Sluice's for service '%s' (%s)"
              .formatted(
                  object.getKind(),
                  object.getMetadata().getName(),
                  object.getMetadata().getNamespace(),
                  service,
                  annotation(object, OWNER)
                      .map(owner -> OWNER + " is '" + owner + "'")
                      .orElse("it has no annotation " + OWNER)));
    }
  }

  /** The version that an object is of; empty for one of somebody else. */
  static Optional<VersionName> version(HasMetadata object) {
    return label(object, VERSION).map(VersionName::new);
  }

  static Optional<String> label(HasMetadata object, String key) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels == null ? Optional.empty() : Optional.ofNullable(labels.get(key));
  }

  static Optional<String> annotation(HasMetadata object, String key) {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    return annotations == null ? Optional.empty() : Optional.ofNullable(annotations.get(key));
  }

  /**
   * Whether labels have all that a selector asks for; one that asks for nothing selects nothing.
   */
  static boolean selects(Map<String, String> selector, HasMetadata object) {
    return !selector.isEmpty()
        && selector.entrySet().stream()
            .allMatch(
                wanted -> wanted.getValue().equals(label(object, wanted.getKey()).orElse(null)));
  }

  /** As {@link #selects}, but what asks for nothing selects everything. */
  static boolean selectsAll(Map<String, String> selector, HasMetadata object) {
    return selector.isEmpty() || selects(selector, object);
  }

  private String identity(ServiceName service) {
    return installation + "/" + service;
  }
}
