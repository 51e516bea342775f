package dev.sluice.sample.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * A perceptron with one hidden layer of rectifiers and a softmax, trained by plain stochastic
 * gradient descent on cross-entropy, one example a step. Deterministic for a seed on any machine:
 * {@link StrictMath} and ordinary arithmetic only.
 */
final class Perceptron {
  static final double INPUT_SCALE = 1.0 / 16;
  private static final int CLASSES = 10;

  final double[][] hiddenWeights;
  final double[] hiddenBiases;
  final double[][] outputWeights;
  final double[] outputBiases = new double[CLASSES];

  Perceptron(int hidden, RandomGenerator random) {
    hiddenWeights = initial(hidden, Digit.PIXELS, random);
    hiddenBiases = new double[hidden];
    outputWeights = initial(CLASSES, hidden, random);
  }

  /**
   * He's initialisation, drawn from a uniform distribution: it needs no transcendental function.
   */
  private static double[][] initial(int outputs, int inputs, RandomGenerator random) {
    double bound = StrictMath.sqrt(6.0 / inputs);
    double[][] weights = new double[outputs][inputs];
    for (double[] row : weights) {
      for (int i = 0; i < inputs; i++) {
        row[i] = random.nextDouble(-bound, bound);
      }
    }
    return weights;
  }

  /** Passes over the examples {@code epochs} times, in a fresh order each time. */
  void train(List<Digit> examples, int epochs, double rate, Random random) {
    List<Digit> order = new ArrayList<>(examples);
    for (int epoch = 0; epoch < epochs; epoch++) {
      Collections.shuffle(order, random);
      // a falling rate lets the last passes settle
      double step = rate * (1 - (double) epoch / epochs);
      order.forEach(digit -> learn(digit, step));
    }
  }

  private void learn(Digit digit, double rate) {
    double[] input = digit.input();
    for (int i = 0; i < input.length; i++) {
      input[i] *= INPUT_SCALE;
    }
    double[] hidden = affine(hiddenWeights, hiddenBiases, input);
    for (int h = 0; h < hidden.length; h++) {
      hidden[h] = Math.max(0, hidden[h]);
    }
    double[] outputError = softmax(affine(outputWeights, outputBiases, hidden));
    outputError[digit.label()] -= 1;
    double[] hiddenError = new double[hidden.length];
    for (int h = 0; h < hidden.length; h++) {
      if (hidden[h] > 0) {
        for (int o = 0; o < CLASSES; o++) {
          hiddenError[h] += outputError[o] * outputWeights[o][h];
        }
      }
    }
    descend(outputWeights, outputBiases, outputError, hidden, rate);
    descend(hiddenWeights, hiddenBiases, hiddenError, input, rate);
  }

  private static void descend(
      double[][] weights, double[] biases, double[] error, double[] input, double rate) {
    for (int o = 0; o < error.length; o++) {
      double step = rate * error[o];
      biases[o] -= step;
      for (int i = 0; i < input.length; i++) {
        weights[o][i] -= step * input[i];
      }
    }
  }

  private static double[] affine(double[][] weights, double[] biases, double[] input) {
    double[] out = biases.clone();
    for (int o = 0; o < out.length; o++) {
      for (int i = 0; i < input.length; i++) {
        out[o] += weights[o][i] * input[i];
      }
    }
    return out;
  }

  private static double[] softmax(double[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      logits[i] = StrictMath.exp(logits[i] - max);
      sum += logits[i];
    }
    for (int i = 0; i < logits.length; i++) {
      logits[i] /= sum;
    }
    return logits;
  }
}
