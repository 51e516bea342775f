package dev.sluice.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkTest {
  private static Network network(String json) {
    return Network.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void twoLayersGiveWhatTheyGiveByHand() {
    Network tiny =
        network(
            """
            {"note": "by hand", "inputScale": 0.5, "layers": [
              {"weights": [[1, -1], [2, 1]], "biases": [0, -1]},
              {"weights": [[1, 0], [0, 1], [1, 1]], "biases": [0, 0.5, -1]}]}
            """);
    // (4, 2) scaled is (2, 1); hidden = max(0, (2-1, 4+1-1)) = (1, 4); logits = (1, 4.5, 4)
    double sum = Math.exp(1) + Math.exp(4.5) + Math.exp(4);
    assertThat(tiny.probabilities(new double[] {4, 2}))
        .containsExactly(
            new double[] {Math.exp(1) / sum, Math.exp(4.5) / sum, Math.exp(4) / sum},
            within(1e-12));
    // (0, 2) scaled is (0, 1); hidden = max(0, (-1, 0)) = (0, 0): the rectifier cuts
    double flat = 1 + Math.exp(0.5) + Math.exp(-1);
    assertThat(tiny.probabilities(new double[] {0, 2}))
        .containsExactly(
            new double[] {1 / flat, Math.exp(0.5) / flat, Math.exp(-1) / flat}, within(1e-12));
    assertThat(tiny.inputs()).isEqualTo(2);
    assertThat(tiny.classes()).isEqualTo(3);
  }

  @Test
  void hugeLogitsDoNotOverflow() {
    Network linear =
        network(
            "{\"inputScale\": 1, \"layers\": [{\"weights\": [[900], [0]], \"biases\": [0, 0]}]}");
    assertThat(linear.probabilities(new double[] {10})).containsExactly(1, 0);
  }

  @Test
  void inputOfAnotherWidthIsRefused() {
    Network linear =
        network("{\"inputScale\": 1, \"layers\": [{\"weights\": [[1], [0]], \"biases\": [0, 0]}]}");
    assertThatThrownBy(() -> linear.probabilities(new double[] {1, 2}))
        .hasMessage("input must have 1 numbers, had 2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "nonsense | not a network's JSON",
        "{\"layers\": []} | at least one layer",
        "{\"inputScale\": 1, \"layers\": []} | at least one layer",
        "{\"layers\": [{\"weights\": [[1]], \"biases\": [0]}]} | inputScale must be above 0",
        "{\"inputScale\": 1, \"layers\": [{\"weights\": [[1]]}]} | layer 0 lacks",
        "{\"inputScale\": 1, \"layers\": [{\"weights\": [[1]], \"biases\": [0, 1]}]} | 1 rows of weights but 2",
        "{\"inputScale\": 1, \"layers\": [{\"weights\": [[1, 2], [1]], \"biases\": [0, 1]}]} | must have 2 weights a row, had 1",
        "{\"inputScale\": 1, \"layers\": [{\"weights\": [[1]], \"biases\": [0]}, {\"weights\": [[1, 2]], \"biases\": [0]}]} | layer 1 must have 1 weights a row, had 2",
        "{\"inputScale\": 1, \"shape\": 3, \"layers\": [{\"weights\": [[1]], \"biases\": [0]}]} | shape",
      })
  void unsoundFilesAreRefusedWithWhatIsWrong(String json, String why) {
    assertThatThrownBy(() -> network(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
