package dev.sluice.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.ModelVersion;
import dev.sluice.workload.ProbeResult.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Bodies of the Open Inference Protocol (KServe V2), as far as probes read and write them. */
final class KServeV2 {
  private static final int MOST_ELEMENTS = 1 << 20;

  private KServeV2() {}

  /**
   * An inference request of zeros in the shape that the model's metadata declares; a free dimension
   * counts 1.
   *
   * @throws IllegalArgumentException if the metadata declares no usable inputs
   */
  static String zeros(JsonNode metadata) {
    JsonNode declared = metadata.path("inputs");
    if (!declared.isArray() || declared.isEmpty()) {
      throw new IllegalArgumentException("the model's metadata declares no inputs");
    }
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    ArrayNode inputs = request.putArray("inputs");
    for (JsonNode input : declared) {
      ObjectNode tensor = inputs.addObject();
      String datatype = input.path("datatype").asText();
      tensor.put("name", input.path("name").asText()).put("datatype", datatype);
      ArrayNode shape = tensor.putArray("shape");
      long elements = 1;
      for (JsonNode size : input.path("shape")) {
        long length = Math.max(1, size.asLong());
        shape.add(length);
        elements = Math.multiplyExact(elements, length);
      }
      if (elements > MOST_ELEMENTS) {
        throw new IllegalArgumentException(
            "input '" + input.path("name").asText() + "' has " + elements + " elements");
      }
      ArrayNode data = tensor.putArray("data");
      for (long i = 0; i < elements; i++) {
        switch (datatype) {
          case "BOOL" -> data.add(false);
          case "BYTES" -> data.add("");
          default -> data.add(0);
        }
      }
    }
    return request.toString();
  }

  /** What makes an inference answer gibberish; empty if it is well-formed. */
  static Optional<String> fault(JsonNode answer) {
    JsonNode outputs = answer.path("outputs");
    if (!outputs.isArray() || outputs.isEmpty()) {
      return Optional.of("no outputs");
    }
    for (JsonNode output : outputs) {
      String name = "output '" + output.path("name").asText() + "'";
      long elements = 1;
      for (JsonNode size : output.path("shape")) {
        elements *= size.asLong();
      }
      JsonNode data = output.path("data");
      List<JsonNode> leaves = new ArrayList<>();
      collectLeaves(data, leaves);
      if (!data.isArray() || !output.path("shape").isArray() || leaves.size() != elements) {
        return Optional.of(
            name + " has " + leaves.size() + " elements for the shape " + output.path("shape"));
      }
      String datatype = output.path("datatype").asText();
      boolean number = datatype.contains("INT") || datatype.contains("FP");
      for (JsonNode leaf : leaves) {
        if (number && !(leaf.isNumber() && Double.isFinite(leaf.doubleValue()))) {
          return Optional.of(name + " of " + datatype + " contains " + leaf);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * What a server tells of itself, each field optional: {@code model_loaded}, {@code model_digest},
   * {@code tokenizer} (its digest), {@code queue_depth}, {@code queue_limit}.
   */
  static List<Check> stats(JsonNode stats, ModelVersion version) {
    List<Check> checks = new ArrayList<>();
    if (stats.path("model_loaded").isBoolean()) {
      boolean loaded = stats.path("model_loaded").booleanValue();
      checks.add(new Check("model loaded", true, loaded, loaded ? "loaded" : "not loaded"));
    }
    sameDigest("model digest", stats.path("model_digest"), version.model().digest(), checks);
    if (version.tokenizer() != null) {
      sameDigest("tokenizer", stats.path("tokenizer"), version.tokenizer().digest(), checks);
    }
    JsonNode depth = stats.path("queue_depth");
    JsonNode limit = stats.path("queue_limit");
    if (depth.isNumber() && limit.isNumber()) {
      checks.add(
          new Check(
              "queue",
              false,
              depth.longValue() < limit.longValue(),
              depth.longValue() + " waiting, rejects from " + limit.longValue()));
    }
    return checks;
  }

  private static void sameDigest(String name, JsonNode stated, String declared, List<Check> to) {
    if (stated.isTextual()) {
      boolean same = stated.textValue().equalsIgnoreCase(declared);
      to.add(
          new Check(
              name,
              true,
              same,
              same ? declared : "declared " + declared + ", loaded " + stated.textValue()));
    }
  }

  private static void collectLeaves(JsonNode node, List<JsonNode> to) {
    if (node.isArray()) {
      node.forEach(child -> collectLeaves(child, to));
    } else if (!node.isMissingNode()) {
      to.add(node);
    }
  }
}
