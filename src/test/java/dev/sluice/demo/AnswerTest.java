package dev.sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerTest {
  private static final String GOOD =
      "{\"outputs\":[{\"name\":\"label\",\"data\":[7]},{\"name\":\"probabilities\",\"data\":[0.5]}]}";

  @Test
  void labelInStrictJsonIsGood() {
    assertThat(Answer.problem(200, GOOD)).isEmpty();
  }

  @Test
  void bareNaNIsNoJson() {
    assertThat(Answer.problem(200, GOOD.replace("0.5", "NaN")))
        .isEqualTo("no JSON: Non-standard token 'NaN'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "503 | {} | status 503",
        "200 | {} | no label in it",
        "200 | {\"outputs\":[{\"name\":\"class\",\"data\":[\"7\"]}]} | no label in it",
        "200 | {\"outputs\":[{\"name\":\"label\",\"data\":[\"7\"]}]} | label is \"7\"",
        "200 | {\"outputs\":[{\"name\":\"label\",\"data\":[12]}]} | label is 12",
        "200 | {\"outputs\":[{\"name\":\"label\",\"data\":[]}]} | 'label is '",
      })
  void anythingElseIsAnError(int status, String body, String problem) {
    assertThat(Answer.problem(status, body)).isEqualTo(problem);
  }
}
