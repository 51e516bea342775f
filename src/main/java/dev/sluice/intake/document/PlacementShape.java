package dev.sluice.intake.document;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@link PlacementReader} reads. */
final class PlacementShape {
  private PlacementShape() {}

  static Map<String, Object> type() {
    Map<String, Object> pool =
        new Shape()
            .optional("nodeSelector", Shape.mapOf(Shape.anyText()), "labels of its nodes")
            .optional(
                "tolerations", Shape.listOf(Shape.mapOf(Map.of())), "of their taints, as in a pod")
            .optional("runtimeClass", Shape.text(), "RuntimeClass of its pods")
            .optional(
                "gpu",
                Shape.text("^[a-z0-9.-]+/[A-Za-z0-9._-]+$"),
                PlacementReader.GPU,
                "the extended resource that is one GPU")
            .optional(
                "zones", Shape.listOf(Shape.text()), "that replicas are spread over, evenly to one")
            .type();
    Map<String, Object> type =
        new Shape()
            .required(
                "platform", Shape.word(List.of("process", "kubernetes")), "where its servers run")
            .optional("replicas", Shape.count(1, 1_000), 1, "of each version")
            .optional(
                "command",
                Shape.filledListOf(Shape.anyText()),
                "process: the command line of one server; {port} is filled in")
            .optional("namespace", Shape.text(Shape.LABEL), "kubernetes: where its pods run")
            .optional(
                "template",
                Shape.mapOf(Map.of()),
                "kubernetes: the pod template of every version, as in a Deployment")
            .optional(
                "container",
                Shape.text(Shape.LABEL),
                "kubernetes: the one in it that serves the model")
            .optional(
                "port",
                Shape.count(1, 65_535),
                PlacementReader.PORT,
                "kubernetes: where that container answers")
            .optional("priorityClass", Shape.text(), "kubernetes: PriorityClass of its pods")
            .optional("pool", pool, "kubernetes: the nodes its pods may run on")
            .optional(
                "adopt",
                Shape.text(),
                "kubernetes: a Deployment that serves the first stable version already")
            .type();
    type.put(
        "allOf",
        List.of(
            on("process", List.of("command"), PlacementReader.OF_CLUSTER),
            on("kubernetes", List.of("namespace", "template", "container"), List.of("command"))));
    return type;
  }

  private static Map<String, Object> on(
      String platform, List<String> required, List<String> forbidden) {
    Map<String, Object> none = new LinkedHashMap<>();
    forbidden.forEach(key -> none.put(key, false));
    return Shape.ordered(
        "if",
        Shape.ordered(
            "properties",
            Map.of("platform", Map.of("const", platform)),
            "required",
            List.of("platform")),
        "then",
        Shape.ordered("required", required, "properties", none));
  }
}
