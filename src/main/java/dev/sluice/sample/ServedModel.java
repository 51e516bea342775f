package dev.sluice.sample;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A network under the name and version it is served as. Its outputs are {@code label} INT64 [n] and
 * {@code probabilities} FP32 [n, classes]; reshaped, they are {@code class} BYTES [n, 1] and {@code
 * scores} FP32 [n × classes], which no caller of the former can read.
 *
 * @param digest {@code sha256:…} of the model's file
 * @param reshaped the {@code schema} fault
 */
record ServedModel(String name, String version, String digest, Network network, boolean reshaped) {

  static String digestOf(byte[] file) {
    try {
      byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(file);
      return "sha256:" + HexFormat.of().formatHex(sha256);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The same with its outputs reshaped or not. */
  ServedModel reshaped(boolean so) {
    return new ServedModel(name, version, digest, network, so);
  }

  /** The names of the outputs. */
  Set<String> outputs() {
    return new TreeSet<>(reshaped ? Set.of("class", "scores") : Set.of("label", "probabilities"));
  }

  /** A tensor as metadata describe it; -1 is a size that a request decides. */
  record TensorSpec(String name, String datatype, List<Integer> shape) {}

  /** What {@code GET /v2/models/{name}} says. */
  record Metadata(
      String name,
      List<String> versions,
      String platform,
      List<TensorSpec> inputs,
      List<TensorSpec> outputs) {}

  Metadata metadata() {
    List<TensorSpec> outputs =
        reshaped
            ? List.of(
                new TensorSpec("class", "BYTES", List.of(-1, 1)),
                new TensorSpec("scores", "FP32", List.of(-1)))
            : List.of(
                new TensorSpec("label", "INT64", List.of(-1)),
                new TensorSpec("probabilities", "FP32", List.of(-1, network.classes())));
    return new Metadata(
        name,
        List.of(version),
        "sluice-sample_mlp",
        List.of(new TensorSpec(KServe.INPUT, "FP32", List.of(-1, network.inputs()))),
        outputs);
  }

  /**
   * Infers.
   *
   * @param spoilt puts a NaN in the place of the first probability
   */
  List<KServe.Tensor> infer(List<double[]> images, boolean spoilt) {
    int batch = images.size();
    List<Integer> labels = new ArrayList<>(batch);
    List<Float> probabilities = new ArrayList<>(batch * network.classes());
    for (double[] image : images) {
      double[] ofImage = network.probabilities(image);
      labels.add(Network.argmax(ofImage));
      for (double probability : ofImage) {
        probabilities.add((float) probability);
      }
    }
    if (spoilt) {
      probabilities.set(0, Float.NaN);
    }
    if (reshaped) {
      return List.of(
          new KServe.Tensor(
              "class", "BYTES", List.of(batch, 1), labels.stream().map(String::valueOf).toList()),
          new KServe.Tensor(
              "scores", "FP32", List.of(probabilities.size()), List.copyOf(probabilities)));
    }
    return List.of(
        new KServe.Tensor("label", "INT64", List.of(batch), List.copyOf(labels)),
        new KServe.Tensor(
            "probabilities",
            "FP32",
            List.of(batch, network.classes()),
            List.copyOf(probabilities)));
  }
}
