package dev.sluice.signal.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.signal.metrics.Exposition.Point;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpositionTest {
  @Test
  void readsWhatVllmTritonAndDcgmPublish() {
    String text =
        """
        # HELP vllm:num_requests_waiting Number of requests waiting to be processed.
        # TYPE vllm:num_requests_waiting gauge
        vllm:num_requests_waiting{engine="0",model_name="llama"} 3.0
        vllm:e2e_request_latency_seconds_bucket{le="+Inf",model_name="llama"} 17.0
        nv_inference_request_success{model="digits",version="1"} 42
        DCGM_FI_DEV_FB_USED{gpu="0",UUID="GPU-1",} 61234 1700000000000
        with_exemplar_total 5 # {trace_id="x"} 1 1700000000.1
        nothing NaN
        # EOF
        """;

    assertThat(Exposition.parse(text))
        .contains(
            new Point(
                Map.of(
                    "__name__", "vllm:num_requests_waiting", "engine", "0", "model_name", "llama"),
                3),
            new Point(
                Map.of("__name__", "DCGM_FI_DEV_FB_USED", "gpu", "0", "UUID", "GPU-1"), 61234),
            new Point(Map.of("__name__", "with_exemplar_total"), 5))
        .hasSize(6)
        .last()
        .satisfies(point -> assertThat(point.value()).isNaN());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "a{b=\"c\" 1    | '}' is missing",
        "a{b=c} 1       | labels can't be read",
        "a{b=\"c\" d=\"e\"} 1 | labels can't be read",
        "a{b=\"1\",b=\"2\"} 1 | label 'b' comes twice",
        "a              | a value is missing",
        "a one          | no number: 'one'",
        "a 0x10         | no number: '0x10'",
        "a 1 2 3        | a value is missing",
        "{a=\"b\"} 1    | a metric's name is missing",
        "<html>         | a metric's name is missing",
      })
  void oneBadLineAndNothingCounts(String line, String why) {
    assertThatThrownBy(() -> Exposition.parse("fine 1\n" + line + "\nfine 2\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("line 2: " + why);
  }

  @Property
  void readsAnyValueAndLabelAsTheOfficialClientWritesThem(
      @ForAll double value, @ForAll String label) throws IOException {
    // a lone half of a pair can't be written as UTF-8
    String written = new String(label.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    PrometheusRegistry registry = new PrometheusRegistry();
    Gauge.builder().name("g").labelNames("l").register(registry).labelValues(written).set(value);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create()
        .write(out, registry.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);

    assertThat(Exposition.parse(out.toString(StandardCharsets.UTF_8)))
        .containsExactly(new Point(Map.of("__name__", "g", "l", written), value));
  }

  @Property
  void nothingElseIsThrownWhateverIsPublished(@ForAll String text) {
    try {
      assertThat(Exposition.parse(text)).isNotNull();
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageStartingWith("line ");
    }
  }
}
