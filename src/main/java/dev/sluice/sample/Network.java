package dev.sluice.sample;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A fully connected classifier: every layer but the last is followed by a rectifier, the last by a
 * softmax. With one layer it is multinomial logistic regression. Immutable.
 *
 * <p>Its file form is JSON: {@code {"note": "…", "inputScale": 0.0625, "layers": [{"weights":
 * [[…]], "biases": […]}]}}; {@code weights} has one row an output of the layer, {@code note} is for
 * people.
 */
public final class Network {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Form form;

  private Network(Form form) {
    this.form = form;
  }

  /** The file form; {@code inputScale} multiplies every input before the first layer. */
  record Form(@Nullable String note, double inputScale, List<Layer> layers) {
    Form {
      layers = layers == null ? List.of() : List.copyOf(layers);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // plain numbers; never compared, never handed out
  record Layer(double[][] weights, double[] biases) {}

  /**
   * Reads the file form.
   *
   * @throws IllegalArgumentException if it is not JSON of that form, holds a number that is not
   *     finite, or its layers don't fit each other
   */
  public static Network parse(byte[] json) {
    Form form;
    try {
      form = JSON.readValue(json, Form.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a network's JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("not a network's JSON: " + e.getMessage(), e);
    }
    requireSound(form);
    return new Network(form);
  }

  private static void requireSound(Form form) {
    if (form.layers().isEmpty()) {
      throw new IllegalArgumentException("a network needs at least one layer, had none");
    }
    if (!Double.isFinite(form.inputScale()) || form.inputScale() <= 0) {
      throw new IllegalArgumentException(
          "inputScale must be above 0 and finite, was " + form.inputScale());
    }
    int width = -1;
    for (int l = 0; l < form.layers().size(); l++) {
      width = requireSound(form.layers().get(l), l, width);
    }
  }

  private static int requireSound(Layer layer, int index, int expectedInputs) {
    double[][] weights = layer.weights();
    double[] biases = layer.biases();
    if (weights == null || biases == null || weights.length == 0) {
      throw new IllegalArgumentException("layer " + index + " lacks weights or biases");
    }
    if (biases.length != weights.length) {
      throw new IllegalArgumentException(
          "layer %d has %d rows of weights but %d biases"
              .formatted(index, weights.length, biases.length));
    }
    int inputs = expectedInputs < 0 ? weights[0].length : expectedInputs;
    for (double[] row : weights) {
      if (row == null || row.length != inputs || inputs == 0) {
        throw new IllegalArgumentException(
            "layer %d must have %d weights a row, had %s"
                .formatted(index, inputs, row == null ? "null" : row.length));
      }
      requireFinite(row, index);
    }
    requireFinite(biases, index);
    return weights.length;
  }

  private static void requireFinite(double[] numbers, int layer) {
    for (double number : numbers) {
      if (!Double.isFinite(number)) {
        throw new IllegalArgumentException("layer " + layer + " holds " + number);
      }
    }
  }

  /** How many numbers one input has. */
  public int inputs() {
    return form.layers().getFirst().weights()[0].length;
  }

  /** How many classes it tells apart. */
  public int classes() {
    return form.layers().getLast().biases().length;
  }

  /**
   * The probability of each class, summing to 1.
   *
   * @param input {@link #inputs()} numbers in the units the network was trained on
   */
  public double[] probabilities(double[] input) {
    if (input.length != inputs()) {
      throw new IllegalArgumentException(
          "input must have " + inputs() + " numbers, had " + input.length);
    }
    double[] signal = new double[input.length];
    for (int i = 0; i < input.length; i++) {
      signal[i] = input[i] * form.inputScale();
    }
    int last = form.layers().size() - 1;
    for (int l = 0; l < last; l++) {
      signal = affine(form.layers().get(l), signal);
      for (int i = 0; i < signal.length; i++) {
        signal[i] = Math.max(0, signal[i]);
      }
    }
    return softmax(affine(form.layers().get(last), signal));
  }

  /** The index of the largest of some probabilities; the first of equals. */
  public static int argmax(double[] probabilities) {
    int best = 0;
    for (int i = 1; i < probabilities.length; i++) {
      if (probabilities[i] > probabilities[best]) {
        best = i;
      }
    }
    return best;
  }

  private static double[] affine(Layer layer, double[] input) {
    double[] out = layer.biases().clone();
    for (int o = 0; o < out.length; o++) {
      double[] row = layer.weights()[o];
      double sum = out[o];
      for (int i = 0; i < row.length; i++) {
        sum += row[i] * input[i];
      }
      out[o] = sum;
    }
    return out;
  }

  private static double[] softmax(double[] logits) {
    double max = logits[argmax(logits)];
    double sum = 0;
    double[] out = new double[logits.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = Math.exp(logits[i] - max);
      sum += out[i];
    }
    for (int i = 0; i < out.length; i++) {
      out[i] /= sum;
    }
    return out;
  }
}
