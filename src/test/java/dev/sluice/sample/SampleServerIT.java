package dev.sluice.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.sample.training.Digit;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A sound server over a real socket. */
@Timeout(60)
class SampleServerIT {
  static final String MODEL = "src/main/resources/demo/models/digits-v1.json";
  private static final List<Digit> TRAFFIC = Digit.part("traffic");

  private static SampleServer server;
  private static Calls calls;

  @BeforeAll
  static void start() throws Exception {
    server = SampleServerCommand.start("--model", MODEL, "--version", "r7");
    calls = Calls.to(server.port());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void saysThatItIsLiveAndReadyAndWhatItServes() throws Exception {
    assertThat(calls.get("/v2/health/live").statusCode()).isEqualTo(200);
    assertThat(calls.get("/v2/health/ready").statusCode()).isEqualTo(200);
    assertThat(calls.get("/v2/models/digits/ready").statusCode()).isEqualTo(200);
    assertThat(calls.get("/v2").body()).contains("\"name\":\"sluice-sample-server\"");
    String metadata =
        """
        {"name":"digits","versions":["r7"],"platform":"sluice-sample_mlp",\
        "inputs":[{"name":"pixels","datatype":"FP32","shape":[-1,64]}],\
        "outputs":[{"name":"label","datatype":"INT64","shape":[-1]},\
        {"name":"probabilities","datatype":"FP32","shape":[-1,10]}]}""";
    assertThat(calls.get("/v2/models/digits").body()).isEqualTo(metadata);
    assertThat(calls.get("/v2/models/digits/versions/r7").body()).isEqualTo(metadata);
  }

  @Test
  void infersEchoesTheIdAndNamesItsVersion() throws Exception {
    Digit digit = TRAFFIC.getFirst();
    HttpResponse<String> response = calls.post(Calls.body(digit));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("x-model-version")).hasValue("r7");
    JsonNode answer = Calls.json(response);
    assertThat(answer.path("model_name").asText()).isEqualTo("digits");
    assertThat(answer.path("model_version").asText()).isEqualTo("r7");
    assertThat(answer.path("id").asText()).isEqualTo("row-" + digit.row());
    JsonNode label = answer.path("outputs").get(0);
    assertThat(label.path("name").asText()).isEqualTo("label");
    assertThat(label.path("shape").toString()).isEqualTo("[1]");
    assertThat(label.path("data").get(0).intValue()).isEqualTo(digit.label());
    JsonNode probabilities = answer.path("outputs").get(1);
    assertThat(probabilities.path("shape").toString()).isEqualTo("[1,10]");
    double sum = 0;
    for (JsonNode probability : probabilities.path("data")) {
      sum += probability.doubleValue();
    }
    assertThat(sum).isCloseTo(1, within(1e-5));
  }

  @Test
  void answersOverTheSocketAsTheNetworkDoes() throws Exception {
    int right = 0;
    for (Digit digit : TRAFFIC) {
      JsonNode answer = Calls.json(calls.post(Calls.body(digit), "x-sluice-probe", "true"));
      if (answer.path("outputs").get(0).path("data").get(0).intValue() == digit.label()) {
        right++;
      }
    }
    assertThat(right).isEqualTo(642); // 94.0 % of 683
  }

  @Test
  void takesABatchNestedOrFlatAndGivesTheOutputsAskedFor() throws Exception {
    List<Integer> one = TRAFFIC.get(0).pixels();
    List<Integer> other = TRAFFIC.get(1).pixels();
    String body =
        "{\"inputs\":[{\"name\":\"pixels\",\"shape\":[2,64],\"datatype\":\"FP32\",\"data\":[%s,%s]}],"
                .formatted(one, other)
            + "\"outputs\":[{\"name\":\"label\"}]}";
    JsonNode answer = Calls.json(calls.post(body));
    assertThat(answer.path("outputs")).hasSize(1);
    JsonNode label = answer.path("outputs").get(0);
    assertThat(label.path("shape").toString()).isEqualTo("[2]");
    assertThat(label.path("data").toString())
        .isEqualTo("[%d,%d]".formatted(TRAFFIC.get(0).label(), TRAFFIC.get(1).label()));
    assertThat(answer.has("id")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"inputs\": [ | the body is not JSON, see line 1",
        "[] | must be a JSON object",
        "{} | inputs must be an array of one tensor",
        "{\"inputs\":[{\"name\":\"image\"}]} | the input must be named 'pixels', was \"image\"",
        "{\"inputs\":[{\"name\":\"pixels\",\"datatype\":\"INT8\"}]} | must be \"FP32\", was \"INT8\"",
        "{\"inputs\":[{\"name\":\"pixels\",\"datatype\":\"FP32\",\"shape\":[1,63],\"data\":[]}]} | must be [n,64] with n of 1..64, was [1,63]",
        "{\"inputs\":[{\"name\":\"pixels\",\"datatype\":\"FP32\",\"shape\":[65,64],\"data\":[]}]} | n of 1..64, was [65,64]",
        "{\"inputs\":[{\"name\":\"pixels\",\"datatype\":\"FP32\",\"shape\":[1,64],\"data\":[1,2]}]} | must have 64 numbers for its shape [1,64], had 2",
        "{\"inputs\":[{\"name\":\"pixels\",\"datatype\":\"FP32\",\"shape\":[1,64],\"data\":[17]}]} | must be numbers of 0..16, had 17",
        "{\"inputs\":[{\"name\":\"pixels\",\"datatype\":\"FP32\",\"shape\":[1,64],\"data\":[NaN]}]} | the body is not JSON",
        "{\"id\":7,\"inputs\":[{\"name\":\"pixels\",\"datatype\":\"FP32\",\"shape\":[1,64],\"data\":[1]}]} | id must be a string, was 7",
      })
  void malformedRequestsAreRefusedWithWhatIsWrong(String body, String why) throws Exception {
    HttpResponse<String> response = calls.post(body);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Calls.json(response).path("error").asText()).contains(why);
  }

  @ParameterizedTest
  @CsvSource({
    "/v2/models/fraud, unknown model 'fraud'",
    "/v2/models/digits/versions/r8, unknown version 'r8'",
    "/v2/models/digits/weights, nothing at",
    "/v1/models, nothing at",
    "/, nothing at",
  })
  void unknownThingsAreNotFound(String path, String why) throws Exception {
    HttpResponse<String> response = calls.get(path);
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(Calls.json(response).path("error").asText()).contains(why);
  }

  @Test
  void otherMethodsAreNotAllowed() throws Exception {
    HttpResponse<String> response = calls.get(Calls.INFER);
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("allow")).hasValue("POST");
  }

  @Test
  void aBodyOverOneMebibyteIsRefusedAndTheServerGoesOn() throws Exception {
    HttpResponse<String> tooLarge = calls.post(" ".repeat(Routes.MAX_BODY_BYTES + 1));
    assertThat(tooLarge.statusCode()).isEqualTo(413);
    assertThat(Calls.json(tooLarge).path("error").asText()).contains("at most 1048576 bytes");
    String padded = Calls.body(TRAFFIC.getFirst());
    padded += " ".repeat(Routes.MAX_BODY_BYTES - padded.length());
    assertThat(calls.post(padded).statusCode()).isEqualTo(200);
  }

  @Test
  void statisticsTellModelMemoryAndQueue() throws Exception {
    JsonNode stats = calls.stats();
    assertThat(stats.path("model_digest").asText()).matches("sha256:[0-9a-f]{64}");
    assertThat(stats.path("model_version").asText()).isEqualTo("r7");
    assertThat(stats.path("tokenizer").asText()).isEqualTo("none");
    assertThat(stats.path("state").asText()).isEqualTo("ready");
    assertThat(stats.path("device").asText()).isEqualTo("cpu");
    assertThat(stats.path("queue_depth").longValue()).isZero();
    assertThat(stats.path("reject_threshold").longValue()).isEqualTo(64);
    assertThat(stats.path("rss_peak_bytes").longValue())
        .isGreaterThanOrEqualTo(stats.path("rss_bytes").longValue());
  }

  @Test
  void metricsCarryTheNamesUsersOfTritonAndVllmKnow() throws Exception {
    calls.post(Calls.body(TRAFFIC.getFirst()), "x-sluice-shadow", "true");
    calls.post("{}");
    HttpResponse<String> response = calls.get("/metrics");
    assertThat(response.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    String labels = "{model=\"digits\",version=\"r7\"}";
    assertThat(response.body())
        .contains("nv_inference_request_success" + labels)
        .contains("nv_inference_request_failure" + labels)
        .contains("nv_inference_queue_duration_us" + labels)
        .contains("nv_inference_request_duration_us" + labels)
        .contains("nv_inference_pending_request_count" + labels)
        .contains("vllm:num_requests_running{model_name=\"digits\"} 0.0")
        .contains("vllm:num_requests_waiting{model_name=\"digits\"} 0.0")
        .contains("vllm:request_success_total{finished_reason=\"stop\",model_name=\"digits\"}")
        .contains("vllm:e2e_request_latency_seconds_bucket")
        .contains("sluice_sample_requests_total{caller=\"shadow\",code=\"200\"}")
        .contains("sluice_sample_requests_total{caller=\"user\",code=\"400\"}")
        .contains("process_resident_memory_bytes")
        .doesNotContain("nv_gpu_memory_used_bytes")
        .doesNotContain("fault_info{");
  }
}
