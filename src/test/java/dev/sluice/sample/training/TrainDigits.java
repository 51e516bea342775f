package dev.sluice.sample.training;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.sgd.linear.LinearSGDModel;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.la.DenseMatrix;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/**
 * Trains the four committed models from the training part alone and writes them where the sample
 * server's demonstrations find them. Deterministic: seeds are fixed. The perceptrons are trained by
 * {@link Perceptron} (Tribuo has none without TensorFlow), the linear model by Tribuo.
 */
final class TrainDigits {
  static final Path MODELS = Path.of("src/main/resources/demo/models");

  private static final double RATE = 0.05;

  private static final String[] FEATURES =
      IntStream.range(0, Digit.PIXELS).mapToObj("pixel%02d"::formatted).toArray(String[]::new);

  private TrainDigits() {}

  /** Every model's file, by file name. */
  static Map<String, String> train(List<Digit> training) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("digits-v1.json", perceptron(training, 10, 8, 5));
    files.put("digits-v2.json", perceptron(training, 32, 40, 1));
    files.put("digits-worse.json", perceptron(training, 12, 2, 11));
    files.put("digits-small.json", linear(training));
    return files;
  }

  /** Writes the models. */
  public static void main(String[] args) throws IOException {
    for (Map.Entry<String, String> file : train(Digit.part("training")).entrySet()) {
      Files.writeString(MODELS.resolve(file.getKey()), file.getValue());
    }
  }

  private static String perceptron(List<Digit> training, int hidden, int passes, long seed) {
    Random random = new Random(seed);
    Perceptron trained = new Perceptron(hidden, random);
    trained.train(training, passes, RATE, random);
    return json(
        "%d hidden units, %d passes over %d digits, seed %d"
            .formatted(hidden, passes, training.size(), seed),
        layer(trained.hiddenWeights, trained.hiddenBiases),
        layer(trained.outputWeights, trained.outputBiases));
  }

  /** Multinomial logistic regression as Tribuo trains it, in one pass. */
  static LinearSGDModel linearModel(List<Digit> training) {
    return new LinearSGDTrainer(new LogMulticlass(), new AdaGrad(0.1), 1, 1)
        .train(dataset(training));
  }

  private static String linear(List<Digit> training) {
    LinearSGDModel trained = linearModel(training);
    DenseMatrix matrix = trained.getWeightsCopy();
    double[][] weights = new double[10][Digit.PIXELS];
    double[] biases = new double[10];
    for (int label = 0; label < 10; label++) {
      int row = trained.getOutputIDInfo().getID(new Label(String.valueOf(label)));
      for (int i = 0; i < Digit.PIXELS; i++) {
        weights[label][i] = matrix.get(row, trained.getFeatureIDMap().getID(FEATURES[i]));
      }
      biases[label] = matrix.get(row, Digit.PIXELS);
    }
    return json(
        "no hidden layer, Tribuo's logistic regression, 1 pass over %d digits, seed 1"
            .formatted(training.size()),
        layer(weights, biases));
  }

  /** The digits as Tribuo takes them, scaled as the networks scale them. */
  static MutableDataset<Label> dataset(List<Digit> digits) {
    LabelFactory labels = new LabelFactory();
    MutableDataset<Label> dataset =
        new MutableDataset<>(new SimpleDataSourceProvenance("digits", labels), labels);
    for (Digit digit : digits) {
      double[] values =
          Arrays.stream(digit.input()).map(pixel -> pixel * Perceptron.INPUT_SCALE).toArray();
      Label label = new Label(String.valueOf(digit.label()));
      dataset.add(new ArrayExample<>(label, FEATURES, values));
    }
    return dataset;
  }

  private static String json(String note, String... layers) {
    return "{\"note\":\"%s\",\"inputScale\":%s,\"layers\":[\n%s]}\n"
        .formatted(note, Perceptron.INPUT_SCALE, String.join(",\n", layers));
  }

  private static String layer(double[][] weights, double[] biases) {
    String rows =
        Arrays.stream(weights).map(TrainDigits::numbers).collect(Collectors.joining(",\n"));
    return "{\"weights\":[\n%s],\n\"biases\":%s}".formatted(rows, numbers(biases));
  }

  /** Rounded to 5 decimals: it keeps the files small and doesn't move any accuracy. */
  private static String numbers(double[] numbers) {
    return Arrays.stream(numbers)
        .mapToObj(n -> BigDecimal.valueOf(n).setScale(5, RoundingMode.HALF_EVEN))
        .map(n -> n.signum() == 0 ? "0" : n.stripTrailingZeros().toPlainString())
        .collect(Collectors.joining(",", "[", "]"));
  }
}
