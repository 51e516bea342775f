package dev.sluice.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Protocol;
import dev.sluice.workload.ProbeRequests.ProbeRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InferenceProbeTest {
  private static final String DIGEST = "sha256:" + "a".repeat(64);
  private static final ModelVersion VERSION =
      Workbench.version(new ModelVersion.Artifact(URI.create("w.bin"), DIGEST));
  private static final String INFER = "/v2/models/digits/infer";
  private static final String STATS = "/v2/models/digits/stats";
  private static final String OUTPUT =
      "{'name':'y','datatype':'FP32','shape':[1,2],'data':[0.25,0.75]}";

  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final Map<String, String> bodies = new ConcurrentHashMap<>();
  private final KnownAnswers known = new KnownAnswers();
  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server;
  private volatile boolean wavering;
  private final AtomicInteger asked = new AtomicInteger();

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          bodies.put(
              path, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          String answer = answers.getOrDefault(path, "404 {}").replace('\'', '"');
          if (wavering && asked.getAndIncrement() % 2 == 1) {
            answer = answer.replace("0.25", "0.5");
          }
          if (answer.startsWith("hang")) {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            try {
              over.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          } else {
            byte[] bytes = answer.substring(4).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(Integer.parseInt(answer.substring(0, 3)), bytes.length);
            exchange.getResponseBody().write(bytes);
          }
          exchange.close();
        });
    server.start();
    answers.put("/v2/health/ready", "200 {}");
    answers.put("/v2/models/digits/ready", "200 {}");
    answers.put(
        "/v2/models/digits", "200 {'inputs':[{'name':'x','datatype':'FP32','shape':[-1,3]}]}");
    answers.put(
        INFER, "200 {'model_name':'digits','model_version':'v1','outputs':[" + OUTPUT + "]}");
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  @Test
  void kserveServerIsAskedForZerosInTheShapeItDeclares() {
    ProbeResult result = probe(Protocol.KSERVE_V2, null);
    assertThat(result.ok()).isTrue();
    assertThat(result.proven()).isTrue();
    assertThat(bodies.get(INFER))
        .isEqualTo(
            "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,3],\"data\":[0,0,0]}]}");
  }

  @Test
  void whatWasOnceAnsweredRightlyMustBeAnsweredRightlyAgain() {
    ProbeRequest golden = golden("0.25");
    assertThat(probe(Protocol.KSERVE_V2, golden).proven()).isTrue();
    assertThat(bodies.get(INFER)).as("tried, to know for the next time").isEqualTo(golden.body());
    ProbeResult again = probe(Protocol.KSERVE_V2, golden);
    assertThat(again.proven()).isTrue();
    assertThat(again.checks())
        .contains(new ProbeResult.Check("golden answer", true, true, "answered rightly again"));

    answers.computeIfPresent(INFER, (path, answer) -> answer.replace("0.25", "0.5"));
    ProbeResult gibberish = probe(Protocol.KSERVE_V2, golden);
    assertThat(gibberish.proven()).as("well-formed, of the right version, and wrong").isFalse();
    assertThat(gibberish.failed()).isTrue();
    assertThat(gibberish.summary())
        .isEqualTo("golden answer: '0.5' to a request it once answered rightly with '0.25'");
  }

  @Test
  void modelThatSamplesIsHeldToNothingThatItAnswersRightlyNowAndThen() {
    wavering = true;
    assertThat(probe(Protocol.KSERVE_V2, golden("0.25")).ok()).isTrue();
    assertThat(known.of(VERSION, List.of(golden("0.25")))).isEmpty();
  }

  @Test
  void modelThatSamplesMayMissOnce() {
    assertThat(probe(Protocol.KSERVE_V2, golden("0.25")).ok()).isTrue();
    assertThat(known.of(VERSION, List.of(golden("0.25")))).hasSize(1);
    wavering = true;
    for (int i = 0; i < 3; i++) {
      assertThat(probe(Protocol.KSERVE_V2, golden("0.25")).proven()).isTrue();
    }
  }

  @Test
  void whatAVersionNeverAnsweredRightlyIsNotHeldAgainstIt() {
    for (int i = 0; i < 3; i++) {
      assertThat(probe(Protocol.KSERVE_V2, golden("7")).ok()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          200 {'model_version':'v2','outputs':[OUT]}  | version: expected 'v1' echoed, was "v2"
          200 {'outputs':[OUT]}                       | version: expected 'v1' echoed, was not there
          200 {'model_version':'v1','model_name':'x','outputs':[OUT]} | model: expected 'digits' echoed, was "x"
          200 {'model_version':'v1','outputs':[]}     | outputs: no outputs
          200 {'model_version':'v1','outputs':[{'name':'y','datatype':'FP32','shape':[2],'data':[1]}]} | outputs: output 'y' has 1 elements for the shape [2]
          200 {'model_version':'v1','outputs':[{'name':'y','datatype':'FP32','shape':[1],'data':[1e999]}]} | outputs: output 'y' of FP32 contains Infinity
          200 {'model_version':'v1','outputs':[{'name':'y','datatype':'FP32','shape':[1],'data':[null]}]} | outputs: output 'y' of FP32 contains null
          500 {'error':'CUDA out of memory'}          | inference: HTTP 500 {"error":"CUDA out of memory"}
          """)
  void kserveAnswerThatIsNotRightIsNoProof(String answer, String finding) {
    answers.put(INFER, answer.replace("OUT", OUTPUT));
    ProbeResult result = probe(Protocol.KSERVE_V2, null);
    assertThat(result.proven()).isFalse();
    assertThat(result.failed()).isTrue();
    assertThat(result.summary().replace("\"Infinity\"", "Infinity")).isEqualTo(finding);
  }

  @Test
  void nanIsGibberish() {
    answers.put(
        INFER,
        "200 {'model_version':'v1','outputs':[{'name':'y','datatype':'FP32','shape':[1],'data':[NaN]}]}");
    ProbeResult result = probe(Protocol.KSERVE_V2, null);
    assertThat(result.proven()).isFalse();
    assertThat(result.summary()).startsWith("outputs: not JSON");
  }

  @Test
  void shedProbeIsNeitherProofNorFailure() {
    answers.put(INFER, "429 {}");
    ProbeResult result = probe(Protocol.KSERVE_V2, null);
    assertThat(result.proven()).isFalse();
    assertThat(result.failed()).isFalse();
    assertThat(result.ok()).isFalse();
  }

  @Test
  void serverThatIsLoadingIsNotAskedToInfer() {
    answers.put("/v2/models/digits/ready", "503 {}");
    assertThat(probe(Protocol.KSERVE_V2, null).summary()).isEqualTo("model ready: HTTP 503 {}");
    assertThat(bodies).doesNotContainKey(INFER);
  }

  @Test
  void statsThatAServerTellsAreChecked() {
    answers.put(
        STATS,
        "200 {'model_loaded':true,'model_digest':'"
            + DIGEST
            + "','queue_depth':7,'queue_limit':8}");
    assertThat(probe(Protocol.KSERVE_V2, null).checks())
        .extracting(ProbeResult.Check::name)
        .contains("model loaded", "model digest", "queue");

    answers.put(STATS, "200 {'queue_depth':8,'queue_limit':8}");
    ProbeResult full = probe(Protocol.KSERVE_V2, null);
    assertThat(full.summary()).isEqualTo("queue: 8 waiting, rejects from 8");
    assertThat(full.failed()).as("load alone withdraws nobody").isFalse();

    answers.put(STATS, "200 {'model_digest':'sha256:bb'}");
    ProbeResult other = probe(Protocol.KSERVE_V2, null);
    assertThat(other.summary())
        .isEqualTo("model digest: declared " + DIGEST + ", loaded sha256:bb");
    assertThat(other.failed()).isTrue();
  }

  @Test
  void openAiServerMustServeTheModelUnderTheVersionsName() {
    answers.put("/v1/models", "200 {'data':[{'id':'digits'},{'id':'v1'}]}");
    answers.put(
        "/v1/chat/completions", "200 {'model':'v1','choices':[{'message':{'content':'Hi'}}]}");
    assertThat(probe(Protocol.OPENAI, null).proven()).isTrue();
    assertThat(bodies.get("/v1/chat/completions")).contains("\"model\":\"v1\"", "\"max_tokens\":1");

    answers.put(
        "/v1/chat/completions", "200 {'model':'v0','choices':[{'message':{'content':'Hi'}}]}");
    assertThat(probe(Protocol.OPENAI, null).summary())
        .isEqualTo("version: expected 'v1' echoed, was \"v0\"");

    answers.put("/v1/models", "200 {'data':[{'id':'digits'}]}");
    assertThat(probe(Protocol.OPENAI, null).summary())
        .isEqualTo("model loaded: /v1/models doesn't list 'v1'");
  }

  @Test
  void plainHttpServerIsAskedForItsHealthAndTheGoldenRequest() {
    answers.put("/health", "200 ok");
    assertThat(probe(Protocol.HTTP_JSON, null).proven()).isTrue();
    assertThat(probe(Protocol.HTTP_JSON, golden("0.25")).proven()).isTrue();
    assertThat(bodies.get(INFER)).isEqualTo(golden("0.25").body());
    answers.put("/health", "500 no");
    assertThat(probe(Protocol.HTTP_JSON, null).summary()).isEqualTo("server ready: HTTP 500 no");
  }

  @Test
  void answerThatNeverEndsAndOneThatIsTooLargeAreFailures() {
    answers.put(INFER, "hang");
    assertThat(probe(Protocol.KSERVE_V2, null).summary())
        .isEqualTo("inference: no answer within 2000 ms");
    answers.put(INFER, "200 " + " ".repeat((1 << 20) + 1));
    assertThat(probe(Protocol.KSERVE_V2, null).summary())
        .isEqualTo("inference: an answer above 1048576 bytes");
  }

  @Test
  void serverThatIsNotThereIsAFailedCheck() {
    server.stop(0);
    ProbeResult result = probe(Protocol.KSERVE_V2, null);
    assertThat(result.failed()).isTrue();
    assertThat(result.summary()).startsWith("server ready: java.net.ConnectException");
  }

  private static ProbeRequest golden(String answer) {
    return new ProbeRequest(INFER, "{\"golden\":1}", "/outputs/0/data/0", answer);
  }

  private ProbeResult probe(Protocol protocol, @Nullable ProbeRequest golden) {
    ModelService kserve = Workbench.service(1);
    ModelService service =
        new ModelService(
            kserve.name(),
            kserve.labels(),
            protocol,
            kserve.stable(),
            kserve.pipeline(),
            kserve.slo(),
            kserve.placement(),
            kserve.traffic(),
            kserve.warm(),
            kserve.fallback());
    try (InferenceProbe probe =
        new InferenceProbe(
            any -> golden == null ? List.of() : List.of(golden),
            known,
            Duration.ofSeconds(2),
            Clock.systemUTC())) {
      return probe.probe(
          URI.create("http://127.0.0.1:" + server.getAddress().getPort()), service, VERSION);
    }
  }
}
