package dev.sluice.router.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPatternsTest {
  private final RequestPatterns safe =
      new RequestPatterns(List.of("POST /v2/models/*/infer", "GET /v1/models"));

  @ParameterizedTest
  @CsvSource({
    "POST,/v2/models/digits/infer,true",
    "GET,/v1/models,true",
    "GET,/v2/models/digits/infer,false",
    "POST,/v2/models/digits/infer/,false",
    "POST,/v2/models//infer,false",
    "POST,/v2/models/a/b/infer,false",
    "POST,/v2/models/../infer,false",
    "POST,/v2/models/%2E%2e/infer,false",
    "POST,/V2/models/digits/infer,false",
    "DELETE,/v1/models,false"
  })
  void coversWhatTheOwnerNamedAndNothingElse(String method, String path, boolean covered) {
    assertThat(safe.covers(method, path)).isEqualTo(covered);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/models", "post /v1", "POST v1", "POST", "POST /v1 /v2", ""})
  void patternThatIsNoneIsQuoted(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RequestPatterns(List.of(text)))
        .withMessageContaining("'" + text + "'")
        .withMessageContaining("POST /v1/path/*");
  }

  @Test
  void nothingNamedIsNothingSafe() {
    assertThat(new RequestPatterns(List.of()).covers("POST", "/v1")).isFalse();
  }
}
