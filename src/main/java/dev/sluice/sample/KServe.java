package dev.sluice.sample;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The inference request and the tensors of the KServe V2 protocol (Open Inference Protocol), JSON
 * form: the input {@code pixels} FP32 [n, width] of 0..16, flat or nested.
 */
final class KServe {
  static final String INPUT = "pixels";

  /** The largest grey value; the data's own scale. */
  static final int MAX_PIXEL = 16;

  /** How many images one request may hold. */
  static final int MAX_BATCH = 64;

  /** A bare NaN is not JSON, but it is what a model server that doesn't look writes. */
  static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .build();

  private KServe() {}

  /** What the caller got wrong: a 400. */
  static final class BadRequest extends Exception {
    private final String what;

    BadRequest(String what) {
      super(what);
      this.what = what;
    }

    /** What would have been right, and what was found. */
    String what() {
      return what;
    }
  }

  /**
   * @param id echoed in the answer
   * @param images one array a row of the batch
   * @param outputs the names asked for; all when empty
   */
  record Request(Optional<String> id, List<double[]> images, Set<String> outputs) {}

  /** An output tensor, its data flat. */
  record Tensor(String name, String datatype, List<Integer> shape, List<?> data) {}

  /**
   * Reads a request for a model whose images have {@code width} numbers.
   *
   * @param known the outputs the model has
   */
  static Request parse(byte[] body, int width, Set<String> known) throws BadRequest {
    JsonNode root = tree(body);
    JsonNode inputs = root.path("inputs");
    if (!inputs.isArray() || inputs.size() != 1) {
      throw new BadRequest(
          "inputs must be an array of one tensor named '" + INPUT + "', had " + inputs.size());
    }
    JsonNode input = inputs.get(0);
    if (!INPUT.equals(input.path("name").textValue())) {
      throw new BadRequest("the input must be named '" + INPUT + "', was " + input.path("name"));
    }
    if (!"FP32".equals(input.path("datatype").textValue())) {
      throw new BadRequest(
          "datatype of '" + INPUT + "' must be \"FP32\", was " + input.path("datatype"));
    }
    int batch = batch(input.path("shape"), width);
    JsonNode id = root.path("id");
    if (!id.isMissingNode() && !id.isTextual()) {
      throw new BadRequest("id must be a string, was " + id);
    }
    return new Request(
        Optional.ofNullable(id.textValue()),
        images(input.path("data"), batch, width),
        outputs(root.path("outputs"), known));
  }

  private static JsonNode tree(byte[] body) throws BadRequest {
    JsonNode root;
    try {
      root = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new BadRequest(
          "the body is not JSON, see line %d, column %d"
              .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!root.isObject()) {
      throw new BadRequest("the body must be a JSON object with 'inputs'");
    }
    return root;
  }

  private static int batch(JsonNode shape, int width) throws BadRequest {
    boolean fits =
        shape.isArray()
            && shape.size() == 2
            && shape.get(0).isInt()
            && shape.get(1).isInt()
            && shape.get(1).intValue() == width;
    int batch = fits ? shape.get(0).intValue() : 0;
    if (batch < 1 || batch > MAX_BATCH) {
      throw new BadRequest(
          "shape of '%s' must be [n,%d] with n of 1..%d, was %s"
              .formatted(INPUT, width, MAX_BATCH, shape.isMissingNode() ? "missing" : shape));
    }
    return batch;
  }

  private static List<double[]> images(JsonNode data, int batch, int width) throws BadRequest {
    List<Double> flat = new ArrayList<>(batch * width);
    flatten(data, flat, 0);
    if (flat.size() != batch * width) {
      throw new BadRequest(
          "data of '%s' must have %d numbers for its shape [%d,%d], had %d"
              .formatted(INPUT, batch * width, batch, width, flat.size()));
    }
    List<double[]> images = new ArrayList<>(batch);
    for (int row = 0; row < batch; row++) {
      double[] image = new double[width];
      for (int i = 0; i < width; i++) {
        image[i] = flat.get(row * width + i);
      }
      images.add(image);
    }
    return images;
  }

  private static void flatten(JsonNode node, List<Double> into, int depth) throws BadRequest {
    if (!node.isArray() || depth > 1) {
      throw new BadRequest("data of '" + INPUT + "' must be a flat array or one array a row");
    }
    for (JsonNode element : node) {
      if (element.isArray()) {
        flatten(element, into, depth + 1);
      } else if (element.isNumber()
          && element.doubleValue() >= 0
          && element.doubleValue() <= MAX_PIXEL) {
        into.add(element.doubleValue());
      } else {
        throw new BadRequest(
            "data of '%s' must be numbers of 0..%d, had %s".formatted(INPUT, MAX_PIXEL, element));
      }
    }
  }

  private static Set<String> outputs(JsonNode outputs, Set<String> known) throws BadRequest {
    Set<String> names = new LinkedHashSet<>();
    if (!outputs.isMissingNode() && !outputs.isArray()) {
      throw new BadRequest("outputs must be an array, was " + outputs.getNodeType());
    }
    for (JsonNode output : outputs) {
      String name = output.path("name").asText();
      if (!known.contains(name)) {
        throw new BadRequest("unknown output '" + name + "', there are " + known);
      }
      names.add(name);
    }
    return names;
  }

  /** The answer's body; a NaN goes out bare. */
  static byte[] answer(ServedModel model, Request request, List<Tensor> tensors) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("model_name", model.name());
    answer.put("model_version", model.version());
    request.id().ifPresent(id -> answer.put("id", id));
    answer.put(
        "outputs",
        tensors.stream()
            .filter(t -> request.outputs().isEmpty() || request.outputs().contains(t.name()))
            .toList());
    return json(answer);
  }

  /** The body of every answer that isn't one to the question. */
  static byte[] error(String message) {
    return json(Map.of("error", message));
  }

  static byte[] json(Object value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
