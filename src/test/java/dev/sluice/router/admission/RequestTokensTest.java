package dev.sluice.router.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTokensTest {
  private static @Nullable RequestTokens read(String json) {
    return RequestTokens.read(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void chatCountsTheTextOfItsMessagesAndWhatItAsksFor() {
    assertThat(
            read(
                """
                {"model":"m","messages":[{"role":"user","content":"12345678"},
                 {"role":"user","content":[{"type":"text","text":"1234"}]}],
                 "max_tokens":100,"tools":[{"long":"long long long long"}]}\
                """))
        // the words role and type are text, too: an estimate
        .isEqualTo(new RequestTokens((4 + 8 + 4 + 4 + 4 + 3) / 4, 100, true));
  }

  @Test
  void imageThatComesAlongAsDataIsNoText() {
    String image = "data:image/png;base64," + "A".repeat(10_000);
    assertThat(read("{\"messages\":[{\"content\":[{\"image_url\":{\"url\":\"" + image + "\"}}]}]}"))
        .isEqualTo(new RequestTokens(0, null, true));
  }

  @Test
  void promptThatIsGivenAsTokensIsCountedByThem() {
    assertThat(read("{\"prompt\":[1,2,3,4,5],\"max_completion_tokens\":7}"))
        .isEqualTo(new RequestTokens(5, 7, true));
  }

  @Test
  void embeddingHasNoOutput() {
    assertThat(read("{\"input\":[\"abcd\",\"größe\"]}"))
        .isEqualTo(new RequestTokens((4 + 7 + 3) / 4, null, false));
  }

  @Test
  void ofTwoWordsForTheSameTheLargerCounts() {
    assertThat(read("{\"max_tokens\":10,\"max_completion_tokens\":900,\"messages\":[]}"))
        .isEqualTo(new RequestTokens(0, 900, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "7",
        "nonsense",
        "{\"messages\":[",
        "{\"max_tokens\":\"many\"}",
        "{\"max_tokens\":-1}",
        "{\"max_tokens\":1.5}"
      })
  void whatCantBeCountedIsNoRequest(String body) {
    assertThat(read(body)).isNull();
  }
}
