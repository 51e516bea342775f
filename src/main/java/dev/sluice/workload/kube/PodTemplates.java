package dev.sluice.workload.kube;

import dev.sluice.model.ClusterPlacement;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Rejected;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The pod of a version: the service's pod template with what belongs to the version, and with what
 * the template leaves open ({@link PodDefaults}).
 */
final class PodTemplates {
  private static final Pattern PINNED = Pattern.compile(".+@sha256:[0-9a-f]{64}");

  private final Owned owned;
  private final KubernetesSerialization serialization;

  PodTemplates(Owned owned, KubernetesSerialization serialization) {
    this.owned = owned;
    this.serialization = serialization;
  }

  /**
   * @throws Rejected if no pod can be made of it, naming the field, its value and what would be
   *     right
   */
  PodTemplateSpec of(ModelService service, ClusterPlacement place, ModelVersion version) {
    PodTemplateSpec template = parse(place);
    PodSpec spec = template.getSpec();
    Container server = server(spec, place.container());
    server.setImage(image(version));
    requirePinned(spec, place.container());
    fillIn(server, service, place, version);
    resources(server, place, version);
    if (server.getPorts().stream().noneMatch(port -> port.getContainerPort() == place.port())) {
      server
          .getPorts()
          .add(new ContainerPortBuilder().withName("http").withContainerPort(place.port()).build());
    }
    ProbesOfPods.complete(server, service, place);
    PodDefaults.complete(spec, server, service, place, version);
    template.setMetadata(labelled(template.getMetadata(), service, version));
    return template;
  }

  private PodTemplateSpec parse(ClusterPlacement place) {
    PodTemplateSpec template;
    try {
      template = serialization.unmarshal(place.template(), PodTemplateSpec.class);
    } catch (RuntimeException e) {
      throw new Rejected("placement.template is no pod template: " + e.getMessage(), e);
    }
    if (template == null || template.getSpec() == null) {
      throw new Rejected("placement.template has no spec: it must be {spec: {containers: [...]}}");
    }
    return template;
  }

  private static Container server(PodSpec spec, String name) {
    List<String> names = spec.getContainers().stream().map(Container::getName).toList();
    return spec.getContainers().stream()
        .filter(container -> name.equals(container.getName()))
        .findFirst()
        .orElseThrow(
            () ->
                new Rejected(
                    "placement.container is '%s', but placement.template has no such container; it has %s"
                        .formatted(name, names)));
  }

  private static String image(ModelVersion version) {
    String image = version.image();
    if (image == null) {
      throw new Rejected(
          "version '%s' names no image: on a cluster it must be pinned by digest, name@sha256:…"
              .formatted(version.name()));
    }
    if (!PINNED.matcher(image).matches()) {
      throw new Rejected(
          "image of version '%s' must be pinned by digest, name@sha256:…, was '%s'"
              .formatted(version.name(), image));
    }
    return image;
  }

  /** What runs beside the server is part of the version too: a tag could move under it. */
  private static void requirePinned(PodSpec spec, String server) {
    Stream.concat(spec.getContainers().stream(), spec.getInitContainers().stream())
        .filter(container -> !server.equals(container.getName()))
        .filter(container -> !PINNED.matcher(String.valueOf(container.getImage())).matches())
        .findFirst()
        .ifPresent(
            container -> {
              throw new Rejected(
                  "image of container '%s' in placement.template must be pinned by digest, name@sha256:…, was '%s'"
                      .formatted(container.getName(), container.getImage()));
            });
  }

  private static void fillIn(
      Container server, ModelService service, ClusterPlacement place, ModelVersion version) {
    Map<String, String> values =
        Map.of(
            "{port}", Integer.toString(place.port()),
            "{model}", version.model().uri().toString(),
            "{version}", version.name().value(),
            "{service}", service.name().value());
    server.setCommand(server.getCommand().stream().map(word -> filled(word, values)).toList());
    List<String> arguments = new ArrayList<>(server.getArgs());
    arguments.addAll(version.arguments());
    server.setArgs(arguments.stream().map(word -> filled(word, values)).toList());
    for (EnvVar variable : server.getEnv()) {
      if (variable.getValue() != null) {
        variable.setValue(filled(variable.getValue(), values));
      }
    }
  }

  private static String filled(String word, Map<String, String> values) {
    String filled = word;
    for (Map.Entry<String, String> value : values.entrySet()) {
      filled = filled.replace(value.getKey(), value.getValue());
    }
    return filled;
  }

  private static void resources(Container server, ClusterPlacement place, ModelVersion version) {
    ResourceRequirements resources =
        server.getResources() == null ? new ResourceRequirements() : server.getResources();
    Map<String, Quantity> requests = copy(resources.getRequests());
    Map<String, Quantity> limits = copy(resources.getLimits());
    String gpu = place.pool().gpu();
    int gpus = version.resources().gpus();
    Quantity asked = limits.get(gpu);
    if (asked != null && asked.getNumericalAmount().intValue() != gpus) {
      throw new Rejected(
          "placement.template asks for %s of '%s', but version '%s' declares %d (resources.gpus)"
              .formatted(asked, gpu, version.name(), gpus));
    }
    if (gpus > 0) {
      limits.put(gpu, new Quantity(Integer.toString(gpus)));
    }
    long memory = version.resources().hostMemoryBytes();
    if (memory > 0) {
      requests.putIfAbsent("memory", new Quantity(Long.toString(memory)));
    }
    resources.setRequests(requests);
    resources.setLimits(limits);
    server.setResources(resources);
  }

  private static <V> Map<String, V> copy(Map<String, V> map) {
    return map == null ? new LinkedHashMap<>() : new LinkedHashMap<>(map);
  }

  private ObjectMeta labelled(ObjectMeta given, ModelService service, ModelVersion version) {
    ObjectMeta metadata = given == null ? new ObjectMeta() : given;
    Map<String, String> labels = copy(metadata.getLabels());
    labels.putAll(Owned.labels(service.name(), version.name()));
    metadata.setLabels(labels);
    Map<String, String> annotations = copy(metadata.getAnnotations());
    annotations.putAll(owned.annotations(service.name()));
    metadata.setAnnotations(annotations);
    return metadata;
  }
}
