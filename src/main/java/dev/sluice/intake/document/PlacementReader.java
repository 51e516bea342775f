package dev.sluice.intake.document;

import dev.sluice.model.ClusterPlacement;
import dev.sluice.model.ModelService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code placement} of a model service. */
final class PlacementReader {
  private static final Pattern RESOURCE =
      Pattern.compile(
          "[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");
  private static final Pattern SUBDOMAIN = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");

  /** What is said of a cluster alone. */
  static final List<String> OF_CLUSTER =
      List.of("namespace", "template", "container", "port", "priorityClass", "pool", "adopt");

  static final String GPU = "nvidia.com/gpu";
  static final int PORT = 8080;

  private PlacementReader() {}

  static ModelService.@Nullable Placement read(
      Fields placement, boolean present, Problems problems) {
    if (!present) {
      return null;
    }
    int before = problems.count();
    String platform = placement.text("platform");
    int replicas = placement.count("replicas", 1, 1_000, 1);
    List<String> command = placement.texts("command");
    ClusterPlacement cluster = null;
    switch (platform) {
      case "process" -> {
        if (command.isEmpty()) {
          placement.wrong("command", "must be the command line of one server process, as a list");
        }
        for (String key : OF_CLUSTER) {
          if (placement.has(key)) {
            placement.wrong(key, "is for platform kubernetes, not for process");
          }
        }
      }
      case "kubernetes" -> {
        if (!command.isEmpty()) {
          placement.wrong(
              "command", "belongs into the container of placement.template on a cluster");
        }
        cluster = cluster(placement, problems);
      }
      default -> {
        OF_CLUSTER.forEach(placement::has); // what to say of them hangs on the platform
        if (!platform.isBlank()) {
          placement.wrong("platform", "must be process or kubernetes, was '" + platform + "'");
        }
      }
    }
    placement.end();
    return problems.count() > before
        ? null
        : new ModelService.Placement(platform, replicas, command, cluster);
  }

  private static ClusterPlacement cluster(Fields placement, Problems problems) {
    String namespace = placement.label("namespace");
    String container = placement.label("container");
    int port = placement.count("port", 1, 65_535, PORT);
    String priority = named(placement, "priorityClass");
    String adopt = named(placement, "adopt");
    Node template = placement.node("template");
    if (template == null) {
      placement.wrong("template", "must be a pod template: {spec: {containers: [...]}}");
    } else if (!(template instanceof Node.Mapping)) {
      placement.wrong("template", "must be a pod template, was " + template.what());
    }
    Fields poolFields = placement.object("pool");
    ClusterPlacement.Pool pool = pool(poolFields, problems);
    poolFields.end();
    return new ClusterPlacement(
        namespace,
        template == null ? "{}" : Json.text(template),
        container,
        port,
        priority,
        pool,
        adopt);
  }

  private static ClusterPlacement.Pool pool(Fields pool, Problems problems) {
    Map<String, String> selector = pool.textMap("nodeSelector");
    List<String> tolerations = new ArrayList<>();
    List<Node> items = pool.list("tolerations");
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i) instanceof Node.Mapping) {
        tolerations.add(Json.text(items.get(i)));
      } else {
        problems.add(
            pool.path("tolerations") + "[" + i + "]",
            items.get(i).at(),
            "must be a toleration as {key: gpu, operator: Exists}, was " + items.get(i).what());
      }
    }
    String gpu = pool.text("gpu", GPU);
    if (!gpu.isBlank() && !RESOURCE.matcher(gpu).matches()) {
      pool.wrong("gpu", "must be an extended resource like nvidia.com/gpu, was '" + gpu + "'");
    }
    return new ClusterPlacement.Pool(
        selector,
        "[" + String.join(",", tolerations) + "]",
        named(pool, "runtimeClass"),
        gpu,
        pool.texts("zones"));
  }

  private static @Nullable String named(Fields fields, String key) {
    String name = fields.textOrNull(key);
    if (name != null && !name.isBlank() && !SUBDOMAIN.matcher(name).matches()) {
      fields.wrong(
          key, "must be lower-case letters, digits, dots and inner hyphens, was '" + name + "'");
    }
    return name;
  }
}
