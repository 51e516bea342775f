package dev.sluice.signal.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.Rejected;
import dev.sluice.model.Unavailable;
import dev.sluice.signal.metrics.PrometheusCall.Reply;
import dev.sluice.signal.metrics.Series.Sample;
import dev.sluice.signal.promql.Selector;
import dev.sluice.signal.promql.SyntaxError;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PrometheusApiTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final Map<String, Map<String, String>> asked = new LinkedHashMap<>();
  private int status = 200;
  private String body = "";
  private @Nullable Instant date = NOW;
  private final Prometheus prometheus =
      new PrometheusApi(
          "main",
          (source, path, form) -> {
            asked.put(path, form);
            return new Reply(status, body.getBytes(StandardCharsets.UTF_8), date);
          },
          Duration.ofSeconds(5),
          () -> NOW);

  private static Selector selector(String text) throws SyntaxError {
    return Selector.parse(text);
  }

  private List<Series> samples() throws SyntaxError {
    return prometheus.samples(
        List.of(selector("a{v=\"v2\",c=\"x\"}"), selector("b{v=\"v2\"}")),
        NOW.minusSeconds(60),
        NOW);
  }

  @Test
  void rawSamplesOfSeveralMetricsComeInOneQuery() throws SyntaxError {
    body =
        """
        {"status":"success","data":{"resultType":"matrix","result":[
        {"metric":{"__name__":"a","v":"v2","c":"x"},"values":[[1772366390.123,"1"],[1772366400,"2"]]},
        {"metric":{"__name__":"a","v":"v2","c":"y"},"values":[[1772366390.123,"7"]]},
        {"metric":{"__name__":"b","v":"v2"},"values":[[1772366390.123,"NaN"]]}]}}""";

    List<Series> series = samples();

    assertThat(asked.get("/api/v1/query"))
        .containsEntry("query", "{__name__=~\"a|b\",v=\"v2\"}[60001ms]")
        .containsEntry("time", "1772366400.000");
    assertThat(series).extracting(s -> s.label("__name__")).containsExactly("a", "b");
    assertThat(series.getFirst().samples())
        .containsExactly(
            new Sample(Instant.ofEpochMilli(1772366390123L), 1),
            new Sample(Instant.ofEpochSecond(1772366400), 2));
  }

  @Test
  void severalExpressionsAreOneQuery() {
    body =
        """
        {"status":"success","data":{"resultType":"vector","result":[
        {"metric":{"sluice_part":"1","z":"q"},"value":[1772366400,"+Inf"]}]}}""";

    List<List<Series>> answers = prometheus.instant(List.of("sum(a) # of all", "1"), NOW);

    assertThat(asked.get("/api/v1/query"))
        .containsEntry(
            "query",
            "label_replace((sum(a) # of all\n), \"sluice_part\", \"0\", \"\", \"\") or"
                + " label_replace(vector(1\n), \"sluice_part\", \"1\", \"\", \"\")");
    assertThat(answers.get(0)).isEmpty();
    assertThat(answers.get(1))
        .containsExactly(
            new Series(Map.of("z", "q"), List.of(new Sample(NOW, Double.POSITIVE_INFINITY))));
  }

  @Test
  void aRangeIsAskedForWithItsStep() {
    body = "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[]}}";

    assertThat(prometheus.range("a", NOW.minusSeconds(60), NOW, Duration.ofSeconds(15))).isEmpty();
    assertThat(asked.get("/api/v1/query_range"))
        .containsEntry("start", "1772366340.000")
        .containsEntry("step", "15.000");
  }

  @Test
  void anErrorIsToldAsPrometheusTellsIt() {
    status = 400;
    body = "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"1:3: parse error\"}";

    assertThatThrownBy(this::samples)
        .isInstanceOf(Rejected.class)
        .hasMessage("Prometheus main refused: 1:3: parse error (bad_data)");
    assertThat(prometheus.refusal("a b")).get().asString().contains("parse error");
  }

  @Test
  void aWarningMeansThatPartOfItIsMissing() {
    body =
        "{\"status\":\"success\",\"warnings\":[\"store b is down\"],"
            + "\"data\":{\"resultType\":\"matrix\",\"result\":[]}}";

    assertThatThrownBy(this::samples)
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("store b is down");
  }

  @Test
  void anotherClockIsNotTrusted() {
    body = "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[]}}";
    date = NOW.plusSeconds(6);
    assertThat(prometheus.refusal("a")).isEmpty();
    date = NOW.minusSeconds(7);

    assertThatThrownBy(this::samples)
        .isInstanceOf(Unavailable.class)
        .hasMessage("the clock of Prometheus main differs from this one by 7 s, 5 s are allowed");
  }

  @Test
  void whatIsNoAnswerIsAnOutage() {
    body = "<html>gateway</html>";
    assertThatThrownBy(this::samples).isInstanceOf(Unavailable.class);
    status = 404;
    body = "{}";
    assertThatThrownBy(this::samples).isInstanceOf(Unavailable.class);
    status = 200;
    body =
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":["
            + "{\"metric\":{},\"histogram\":[1772366400,{\"count\":\"1\"}]}]}}";
    assertThatThrownBy(this::samples).isInstanceOf(Unavailable.class);
  }
}
