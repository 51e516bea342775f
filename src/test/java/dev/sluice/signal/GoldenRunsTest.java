package dev.sluice.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.model.FallbackLadder;
import dev.sluice.model.ModelService;
import dev.sluice.model.Outcome;
import dev.sluice.model.Protocol;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import dev.sluice.signal.GoldenSignals.Asked;
import dev.sluice.signal.score.Exact;
import dev.sluice.signal.score.Judge;
import dev.sluice.signal.score.JudgeCall;
import dev.sluice.signal.score.Score;
import dev.sluice.signal.score.Scorer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GoldenRunsTest {
  private static final VersionName V2 = new VersionName("v2");
  private static final ReleaseId RELEASE = new ReleaseId(new UUID(0, 1));

  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger unmarked = new AtomicInteger();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger mostInFlight = new AtomicInteger();
  private final List<Integer> inThisOrder = new CopyOnWriteArrayList<>();
  private final List<JudgeCall.Question> questions = new CopyOnWriteArrayList<>();
  private volatile boolean judgeDown;
  private final CountDownLatch gate = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server;
  private URI endpoint;
  private List<URI> endpoints;
  private GoldenRuns runs;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/infer", this::infer);
    answer("/nan", 200, "{\"outputs\": [{\"data\": [NaN]}]}");
    answer("/more", 200, "{} {}");
    answer("/refused", 400, "not like this");
    answer("/broken", 503, "{}");
    answer("/long", 200, "[" + " ".repeat(1 << 20) + "]");
    server.createContext(
        "/never",
        exchange -> {
          await(gate);
          exchange.close();
        });
    server.start();
    endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    endpoints = List.of(endpoint);
    runs =
        new GoldenRuns(
            name ->
                switch (name) {
                  case "digits" -> Optional.of(set());
                  case "judged" -> Optional.of(set(new Judge("helpful")));
                  default -> Optional.empty();
                },
            new ReadyReplicas(() -> endpoints),
            (judge, question) -> judge(question));
  }

  @AfterEach
  void stop() {
    gate.countDown();
    runs.close();
    server.stop(0);
    threads.shutdownNow();
  }

  private static GoldenSet set() {
    return set(new Exact());
  }

  private static GoldenSet set(Scorer scorer) {
    return new GoldenSet(
        "digits",
        "/infer",
        IntStream.range(0, 40)
            .mapToObj(i -> new GoldenSet.Item("{\"n\": " + i + "}", String.valueOf(i)))
            .toList(),
        "sha256:ab",
        scorer);
  }

  private double judge(JudgeCall.Question question) {
    questions.add(question);
    if (judgeDown) {
      throw new Unavailable("judge helpful answered 503");
    }
    return question.answer().equals(question.labels().getFirst()) ? .9 : 0;
  }

  private void infer(HttpExchange exchange) throws IOException {
    int now = inFlight.incrementAndGet();
    mostInFlight.accumulateAndGet(now, Math::max);
    String asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    requests.incrementAndGet();
    if (!"true".equals(exchange.getRequestHeaders().getFirst("x-sluice-probe"))) {
      unmarked.incrementAndGet();
    }
    inFlight.decrementAndGet();
    String number = asked.replaceAll("\\D", "");
    inThisOrder.add(Integer.valueOf(number));
    reply(exchange, 200, "{\"outputs\": [{\"data\": [" + number + "]}]}");
  }

  private void answer(String path, int status, String body) {
    server.createContext(path, exchange -> reply(exchange, status, body));
  }

  private static void reply(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ModelService service(Duration timeout) {
    return new ModelService(
        new ServiceName("digits"),
        Map.of(),
        Protocol.KSERVE_V2,
        null,
        "classifier",
        new ModelService.Slo(.99, Duration.ofDays(1), Map.of()),
        new ModelService.Placement("process", 1, List.of("server")),
        new ModelService.TrafficPolicy("sluice", null, List.of(), timeout, "/outputs/0/data/0"),
        new ModelService.Warm(Duration.ofHours(1), Duration.ofSeconds(10)),
        FallbackLadder.NONE);
  }

  private ModelService service() {
    return service(Duration.ofSeconds(20));
  }

  /** Reads on until something holds of the run. */
  private GoldenSignals.Run until(String golden, Predicate<GoldenSignals.Run> holds)
      throws InterruptedException {
    GoldenSignals.Run run = runs.run(RELEASE, service(), V2, golden);
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!holds.test(run) && System.nanoTime() < deadline) {
      Thread.sleep(5);
      run = runs.run(RELEASE, service(), V2, golden);
    }
    assertThat(run).matches(holds);
    return run;
  }

  private static Predicate<GoldenSignals.Run> complete(Class<? extends Score> score) {
    return run ->
        run.complete() && run.asked().stream().map(Asked::score).allMatch(score::isInstance);
  }

  @Test
  void everyItemIsAskedOnceInRandomOrderAndToldInTheirs() throws InterruptedException {
    GoldenSignals.Run run = until("digits", GoldenSignals.Run::complete);

    assertThat(run.asked())
        .extracting(Asked::item)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 40).boxed().toList());
    assertThat(run.asked())
        .allSatisfy(
            asked -> {
              assertThat(asked.answer().value()).isEqualTo(String.valueOf(asked.item() - 1));
              assertThat(asked.score()).isEqualTo(new Score.Given(1));
            });
    assertThat(requests).hasValue(40);
    // a few at a time, asked in order, would be at most a few places off
    assertThat(IntStream.range(0, 40).map(i -> Math.abs(inThisOrder.get(i) - i)).max().orElse(0))
        .isGreaterThan(8);
    assertThat(unmarked).hasValue(0);
    assertThat(mostInFlight.get()).isLessThanOrEqualTo(4);
  }

  @Test
  void aJudgeIsAskedAgainForWhatItDidNotScoreAndTheCandidateIsNot() throws InterruptedException {
    judgeDown = true;
    GoldenSignals.Run down = until("judged", complete(Score.Missing.class));
    assertThat(down.asked().getFirst().score())
        .isEqualTo(new Score.Missing("judge helpful answered 503"));

    judgeDown = false;
    GoldenSignals.Run back = until("judged", complete(Score.Given.class));

    assertThat(back.asked()).extracting(Asked::score).containsOnly(new Score.Given(.9));
    assertThat(requests).hasValue(40);
    assertThat(questions)
        .contains(new JudgeCall.Question("digits", 8, "{\"n\": 7}", "7", List.of("7")));
  }

  @Test
  void withoutAReadyReplicaOrASetThereIsNothingToAsk() {
    endpoints = List.of();
    assertThatThrownBy(() -> runs.run(RELEASE, service(), V2, "digits"))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("v2");
    assertThatThrownBy(() -> runs.set("letters"))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("letters");
  }

  @Test
  void answersAreReadAsStrictlyAsUsersReadThem() {
    assertThat(ask("/nan").outcome()).isEqualTo(Outcome.INVALID);
    assertThat(ask("/nan").body()).contains("NaN");
    assertThat(ask("/more").outcome()).isEqualTo(Outcome.INVALID);
    assertThat(ask("/refused"))
        .satisfies(
            a -> {
              assertThat(a.outcome()).isEqualTo(Outcome.OK);
              assertThat(a.status()).isEqualTo(400);
              assertThat(a.value()).isNull();
            });
    assertThat(ask("/broken").outcome()).isEqualTo(Outcome.ERROR);
    assertThat(ask("/long").outcome()).isEqualTo(Outcome.ERROR);
  }

  @Test
  void noAnswerInTimeIsATimeout() {
    assertThat(runs.ask(endpoint, service(Duration.ofMillis(200)), "/never", "{}").outcome())
        .isEqualTo(Outcome.TIMEOUT);
  }

  @Test
  void nobodyThereIsAnError() {
    server.stop(0);

    assertThat(ask("/infer").outcome()).isEqualTo(Outcome.ERROR);
  }

  private GoldenSignals.Answer ask(String path) {
    return runs.ask(endpoint, service(), path, "{}");
  }
}
