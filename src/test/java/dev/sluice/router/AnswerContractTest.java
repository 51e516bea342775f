package dev.sluice.router;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.model.Outcome;
import dev.sluice.model.Pair;
import dev.sluice.router.AnswerContract.Judged;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerContractTest {
  private static final String SCHEMA =
      "{\"type\":\"object\",\"required\":[\"answer\"],"
          + "\"properties\":{\"answer\":{\"$ref\":\"#/$defs/digit\"}},"
          + "\"$defs\":{\"digit\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":9}}}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"answer\": NaN}", "{\"answer\": -Infinity}", "{\"answer\": 1} x", "{\"answer\": 1",
        "{'answer': 1}", "", "   ", "{\"answer\": 01}"
      })
  void whatIsNotStrictlyJsonIsInvalid(String text) {
    assertThat(judge(new AnswerContract(null, null), text).outcome()).isEqualTo(Outcome.INVALID);
  }

  @Test
  void answerThatBreaksTheSchemaIsInvalidOnlyWhereTheSchemaSpeaks() {
    AnswerContract contract = new AnswerContract(SCHEMA, "/answer");
    assertThat(judge(contract, "{\"answer\":7}")).isEqualTo(new Judged(Outcome.OK, "7", 0));
    assertThat(judge(contract, "{\"answer\":12}")).isEqualTo(new Judged(Outcome.INVALID, "12", 0));
    assertThat(judge(contract, "{\"label\":7}")).isEqualTo(new Judged(Outcome.INVALID, null, 0));
    assertThat(contract.judge("{\"label\":7}".getBytes(UTF_8), false).outcome())
        .isEqualTo(Outcome.OK);
  }

  @Test
  void answerIsKeptAsTextAndCutToItsBound() {
    AnswerContract contract = new AnswerContract(null, "/choices/0/text");
    assertThat(judge(contract, "{\"choices\":[{\"text\":\"" + "y".repeat(300) + "\"}]}").answer())
        .isEqualTo("y".repeat(Pair.Leg.ANSWER_CHARS));
    assertThat(judge(contract, "{\"choices\":[{\"text\":[1,2]}]}").answer()).isEqualTo("[1,2]");
    assertThat(judge(contract, "{\"choices\":[]}").answer()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[1]",
        "{",
        "{\"$ref\":\"https://127.0.0.1:1/elsewhere.json\"}",
        "{\"$ref\":\"#/$defs/none\"}",
        "{\"type\":\"objekt\"}"
      })
  void schemaThatCannotBeUsedIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AnswerContract(text, null))
        .withMessageContaining("response schema");
  }

  @Test
  void sameContractIsNotCompiledAgain() {
    AnswerContract contract = new AnswerContract(SCHEMA, "/answer");
    assertThat(contract.changedTo(SCHEMA, "/answer")).isSameAs(contract);
    assertThat(contract.changedTo(SCHEMA, "/other")).isNotSameAs(contract);
    assertThat(contract.changedTo(null, "/answer").hasSchema()).isFalse();
  }

  private static Judged judge(AnswerContract contract, String text) {
    return contract.judge(text.getBytes(UTF_8), true);
  }
}
