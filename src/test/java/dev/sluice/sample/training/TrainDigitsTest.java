package dev.sluice.sample.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.sample.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tribuo.classification.evaluation.LabelEvaluator;

/**
 * Run with {@code -Dsluice.models.write=true} it first trains and writes the models anew; it always
 * proves that the committed ones are what the program makes, and as good as the README says.
 */
class TrainDigitsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @BeforeAll
  static void writeIfAsked() throws IOException {
    if (Boolean.getBoolean("sluice.models.write")) {
      TrainDigits.main(new String[0]);
    }
  }

  @Test
  void trainingAgainGivesTheCommittedWeights() throws IOException {
    Map<String, String> trained = TrainDigits.train(Digit.part("training"));
    assertThat(trained).hasSize(4);
    for (Map.Entry<String, String> file : trained.entrySet()) {
      List<Double> committed = numbers(Files.readString(TrainDigits.MODELS.resolve(file.getKey())));
      List<Double> again = numbers(file.getValue());
      assertThat(again).hasSameSizeAs(committed);
      for (int i = 0; i < again.size(); i++) {
        // one unit of the last committed decimal: rounding may fall either way on another machine
        assertThat(again.get(i)).isCloseTo(committed.get(i), within(1.01e-5));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"digits-v1", "digits-v2", "digits-worse", "digits-small"})
  void heldOutAccuracyIsWhatTheReadmeSays(String model) throws IOException {
    Network network =
        Network.parse(Files.readAllBytes(TrainDigits.MODELS.resolve(model + ".json")));
    String readme = Files.readString(Digit.HOME.resolve("README.md"));
    Matcher row =
        Pattern.compile("\\| `" + model + "` \\|.*\\| ([\\d.]+) % \\| ([\\d.]+) % \\|")
            .matcher(readme);
    assertThat(row.find()).as("README row of %s", model).isTrue();
    assertThat(percentRight(network, Digit.part("traffic"))).isEqualTo(row.group(1));
    assertThat(percentRight(network, Digit.part("golden"))).isEqualTo(row.group(2));
  }

  @Test
  void ourArithmeticAgreesWithTribuosOnTheLinearModel() throws IOException {
    List<Digit> traffic = Digit.part("traffic");
    Network ours =
        Network.parse(Files.readAllBytes(TrainDigits.MODELS.resolve("digits-small.json")));
    var theirs = TrainDigits.linearModel(Digit.part("training"));
    double accuracy =
        new LabelEvaluator().evaluate(theirs, TrainDigits.dataset(traffic)).accuracy();
    assertThat(percentRight(ours, traffic)).isEqualTo(percent(accuracy));
  }

  private static String percentRight(Network network, List<Digit> digits) {
    long right =
        digits.stream()
            .filter(d -> Network.argmax(network.probabilities(d.input())) == d.label())
            .count();
    return percent((double) right / digits.size());
  }

  private static String percent(double ratio) {
    return String.format(Locale.ROOT, "%.1f", ratio * 100);
  }

  private static List<Double> numbers(String model) throws IOException {
    List<Double> numbers = new ArrayList<>();
    collect(JSON.readTree(model), numbers);
    return numbers;
  }

  private static void collect(JsonNode node, List<Double> into) {
    if (node.isNumber()) {
      into.add(node.doubleValue());
    }
    node.forEach(child -> collect(child, into));
  }
}
