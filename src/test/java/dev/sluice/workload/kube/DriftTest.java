package dev.sluice.workload.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DriftTest {
  private static final JsonMapper JSON = new JsonMapper();

  @Test
  void whatOthersFillInIsNoDrift() throws Exception {
    assertThat(drift("{a: 1, b: [{c: x}]}", "{a: 1, b: [{c: x, d: y}], e: z}")).isEmpty();
    assertThat(drift("{memory: '1024Mi', cpu: '0.5'}", "{memory: '1Gi', cpu: '500m'}")).isEmpty();
    assertThat(drift("{port: 80}", "{port: '80'}")).isEmpty();
    assertThat(drift("{value: ''}", "{}")).isEmpty();
  }

  @Test
  void whatIsMissingOrOtherIsNamedWithItsPath() throws Exception {
    assertThat(drift("{a: {b: 3}}", "{a: {b: 1}}")).hasValue("a.b: 3 is wanted, is 1");
    assertThat(drift("{a: {b: 3}}", "{}")).hasValue("a.b: 3 is wanted, is not there");
    assertThat(drift("{a: [{b: x}]}", "{a: [{b: y}]}")).hasValue("a[0].b: x is wanted, is y");
    assertThat(drift("{a: [1]}", "{a: [1, 2]}")).hasValue("a: 1 items are wanted, there are 2");
    assertThat(drift("{memory: '1Gi'}", "{memory: '1G'}")).isPresent();
  }

  private static Optional<String> drift(String wanted, String live) throws JsonProcessingException {
    return Drift.of(read(wanted), read(live));
  }

  private static JsonNode read(String loose) throws JsonProcessingException {
    return JSON.readTree(
        loose
            .replaceAll("(\\w+):", "\"$1\":")
            .replace('\'', '"')
            .replaceAll("(: |\\[)([a-z])\\b", "$1\"$2\""));
  }
}
