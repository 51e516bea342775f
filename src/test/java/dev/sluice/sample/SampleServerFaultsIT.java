package dev.sluice.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.sample.training.Digit;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the flags make the server do wrong, slowly or not at all, over a real socket. */
@Timeout(60)
class SampleServerFaultsIT {
  private static final String BODY = Calls.body(Digit.part("traffic").getFirst());
  private static final String ONSET = "sluice_sample_fault_onset_timestamp_seconds{fault=";

  private static SampleServer start(String... flags) throws Exception {
    List<String> all = new ArrayList<>(List.of("--model", SampleServerIT.MODEL));
    all.addAll(List.of(flags));
    return SampleServerCommand.start(all.toArray(String[]::new));
  }

  @Test
  void invalidAnswersHoldABareNanOnceUsersHaveComeOftenEnough() throws Exception {
    try (SampleServer server = start("--fault", "invalid=1@user-after=2")) {
      Calls calls = Calls.to(server.port());
      assertThat(calls.post(BODY).body()).doesNotContain("NaN");
      assertThat(calls.post(BODY, "x-sluice-shadow", "true").body()).doesNotContain("NaN");
      assertThat(calls.post(BODY, "x-sluice-probe", "true").body()).doesNotContain("NaN");
      assertThat(calls.post(BODY).body()).doesNotContain("NaN");
      assertThat(calls.get("/metrics").body())
          .contains("sluice_sample_fault_info{fault=\"invalid\",value=\"1.0@user-after=2\"} 1")
          .doesNotContain(ONSET);

      HttpResponse<String> broken = calls.post(BODY);
      assertThat(broken.statusCode()).isEqualTo(200);
      assertThat(broken.body()).contains("\"data\":[NaN,");
      assertThatThrownBy(() -> Calls.json(broken)).isInstanceOf(JsonParseException.class);
      assertThat(calls.post(BODY, "x-sluice-shadow", "true").body()).doesNotContain("NaN");
      assertThat(calls.get("/metrics").body())
          .contains(ONSET + "\"invalid\"}")
          .contains("sluice_sample_faulty_answers_total{fault=\"invalid\"} 1.0");
    }
  }

  @Test
  void theSchemaFaultRenamesAndReshapesAnswersAndMetadata() throws Exception {
    try (SampleServer server = start("--fault", "schema")) {
      Calls calls = Calls.to(server.port());
      JsonNode outputs = Calls.json(calls.post(BODY)).path("outputs");
      assertThat(outputs.get(0).path("name").asText()).isEqualTo("class");
      assertThat(outputs.get(0).path("datatype").asText()).isEqualTo("BYTES");
      assertThat(outputs.get(0).path("shape").toString()).isEqualTo("[1,1]");
      assertThat(outputs.get(1).path("name").asText()).isEqualTo("scores");
      assertThat(outputs.get(1).path("shape").toString()).isEqualTo("[10]");
      assertThat(calls.get("/v2/models/digits").body())
          .contains("class", "scores")
          .doesNotContain("label");
    }
  }

  @Test
  void theErrorFaultAnswers500() throws Exception {
    try (SampleServer server = start("--fault", "error=1")) {
      Calls calls = Calls.to(server.port());
      HttpResponse<String> response = calls.post(BODY);
      assertThat(response.statusCode()).isEqualTo(500);
      assertThat(Calls.json(response).path("error").asText()).contains("--fault error");
      assertThat(calls.get("/metrics").body())
          .contains("nv_inference_request_failure{model=\"digits\",version=\"v1\"} 1.0");
    }
  }

  @Test
  void aSlowServerTakesItsFactorLonger() throws Exception {
    try (SampleServer server =
        start("--service-time", "20ms", "--service-time-sigma", "0", "--fault", "slow=1.5")) {
      Calls calls = Calls.to(server.port());
      for (int i = 0; i < 5; i++) {
        long begun = System.nanoTime();
        assertThat(calls.post(BODY).statusCode()).isEqualTo(200);
        assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(30_000_000);
      }
      assertThat(calls.stats().path("device").asText()).isEqualTo("simulated");
      assertThat(calls.get("/metrics").body())
          .contains("sluice_sample_simulated_device_median_seconds 0.03")
          .contains("sluice_sample_simulated_device_seconds_total 0.15")
          .contains("sluice_sample_fault_info{fault=\"slow\",value=\"1.5\"} 1")
          .contains(ONSET + "\"slow\"}");
    }
  }

  @Test
  void theLeakGrowsToItsLimitAndNoFurther() throws Exception {
    try (SampleServer server = start("--fault", "leak=256Mi/s@max=16Mi")) {
      Calls calls = Calls.to(server.port());
      calls.awaitStat("leaked_bytes", 16L << 20);
      assertThat(calls.post(BODY).statusCode()).isEqualTo(200);
      assertThat(calls.get("/metrics").body())
          .contains("sluice_sample_leaked_bytes 1.6777216E7")
          .contains("sluice_sample_fault_info{fault=\"leak\",value=\"256Mi/s@max=16Mi\"} 1");
    }
  }

  @Test
  void whileItLoadsItIsLiveButNotReady() throws Exception {
    try (SampleServer server = start("--startup-delay", "1500ms")) {
      Calls calls = Calls.to(server.port());
      assertThat(calls.get("/v2/health/ready").statusCode()).isEqualTo(503);
      assertThat(calls.get("/v2/models/digits/ready").statusCode()).isEqualTo(503);
      assertThat(calls.post(BODY).statusCode()).isEqualTo(503);
      assertThat(calls.get("/v2/health/live").statusCode()).isEqualTo(200);
      while (calls.get("/v2/health/ready").statusCode() != 200) {
        Thread.onSpinWait();
      }
      assertThat(calls.post(BODY).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void overTheQueueTheAnswerIs429WithWhenToComeBack() throws Exception {
    try (SampleServer server =
        start(
            "--service-time", "2s",
            "--service-time-sigma", "0",
            "--concurrency", "1",
            "--queue", "1")) {
      Calls calls = Calls.to(server.port());
      CompletableFuture<HttpResponse<String>> first = calls.postAsync(BODY);
      calls.awaitStat("running", 1);
      CompletableFuture<HttpResponse<String>> second = calls.postAsync(BODY);
      calls.awaitStat("queue_depth", 1);
      HttpResponse<String> third = calls.post(BODY);
      assertThat(third.statusCode()).isEqualTo(429);
      assertThat(third.headers().firstValue("retry-after")).hasValue("2");
      assertThat(first.get().statusCode()).isEqualTo(200);
      assertThat(second.get().statusCode()).isEqualTo(200);
    }
  }

  @Test
  void closingFinishesWhatIsUnderWay() throws Exception {
    CompletableFuture<HttpResponse<String>> underWay;
    try (SampleServer server = start("--service-time", "1s", "--service-time-sigma", "0")) {
      Calls calls = Calls.to(server.port());
      underWay = calls.postAsync(BODY);
      calls.awaitStat("running", 1);
    }
    assertThat(underWay.get().statusCode()).isEqualTo(200);
  }

  @Test
  void aPortInUseIsSaidSo() throws Exception {
    try (SampleServer server = start()) {
      assertThatThrownBy(() -> start("--port", String.valueOf(server.port())))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Address already in use");
    }
  }
}
