package dev.sluice.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

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
import dev.sluice.signal.GoldenSignals.Answer;
import dev.sluice.signal.LoadSignals.Burst;
import dev.sluice.signal.LoadSignals.Plan;
import dev.sluice.signal.score.Exact;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bursts at a server that carries four requests at once and refuses the others, or doesn't. */
class LoadBurstsTest {
  private static final int CARRIES = 4;
  private static final ReleaseId RELEASE = new ReleaseId(new UUID(0, 1));
  private static final VersionName V2 = new VersionName("v2");
  private static final Plan PLAN = new Plan("digits", 32, Duration.ofSeconds(10));

  private final Semaphore slots = new Semaphore(CARRIES);
  private final AtomicInteger arrived = new AtomicInteger();
  private final CountDownLatch all = new CountDownLatch(PLAN.requests());
  private final CountDownLatch released = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean collapses;
  private HttpServer server;
  private List<URI> endpoints;
  private LoadBursts bursts;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/infer", this::infer);
    server.start();
    endpoints = List.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    bursts = new LoadBursts(golden(), new ReadyReplicas(() -> endpoints));
  }

  @AfterEach
  void stop() {
    released.countDown();
    bursts.close();
    server.stop(0);
    threads.shutdownNow();
  }

  /** While the burst lasts a slot is held until all of it has arrived. */
  private void infer(HttpExchange exchange) throws IOException {
    boolean ofBurst = arrived.incrementAndGet() <= PLAN.requests();
    all.countDown();
    if (collapses) {
      hold(released);
      exchange.close();
      return;
    }
    boolean carried = slots.tryAcquire();
    if (carried && ofBurst) {
      hold(all);
    }
    byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(carried ? 200 : 429, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
    if (carried) {
      slots.release();
    }
  }

  private static void hold(CountDownLatch until) {
    try {
      until.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void allOfABurstIsUnderWayAtOnceAndThenOneByOneUntilServed() {
    Burst burst = over(Duration.ofSeconds(20));
    assertThat(burst.answers()).hasSize(PLAN.requests());
    assertThat(burst.answers().stream().filter(answer -> answer.status() == 200))
        .hasSizeGreaterThanOrEqualTo(CARRIES);
    assertThat(burst.answers()).extracting(Answer::status).contains(429);
    assertThat(burst.recovered()).isNotNull();
    assertThat(arrived.get()).isGreaterThan(PLAN.requests());
  }

  @Test
  void serverThatAnswersNothingIsGivenUpInTime() {
    collapses = true;
    Burst burst = over(new Plan("digits", 32, Duration.ofMillis(1)), Duration.ofMillis(200));
    assertThat(burst.answers()).extracting(Answer::outcome).containsOnly(Outcome.TIMEOUT);
    assertThat(burst.recovered()).isNull();
  }

  @Test
  void burstIsSentOnce() {
    over(Duration.ofSeconds(20));
    int before = arrived.get();
    over(Duration.ofSeconds(20));
    assertThat(arrived.get()).isEqualTo(before);
  }

  @Test
  void withoutAReplicaOrASetThereIsNoBurst() {
    endpoints = List.of();
    assertThatThrownBy(() -> over(Duration.ofSeconds(1)))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("no ready replica");
  }

  private Burst over(Duration timeout) {
    return over(PLAN, timeout);
  }

  private Burst over(Plan plan, Duration timeout) {
    ModelService service = service(timeout);
    return await()
        .atMost(30, TimeUnit.SECONDS)
        .until(() -> bursts.burst(RELEASE, service, V2, plan), Burst::over);
  }

  private static ModelService service(Duration timeout) {
    return new ModelService(
        new ServiceName("digits"),
        Map.of(),
        Protocol.KSERVE_V2,
        null,
        "classifier",
        new ModelService.Slo(.99, Duration.ofDays(1), Map.of()),
        new ModelService.Placement("process", 1, List.of("server")),
        new ModelService.TrafficPolicy("sluice", null, List.of(), timeout, null),
        new ModelService.Warm(Duration.ofHours(1), Duration.ofSeconds(10)),
        FallbackLadder.NONE);
  }

  private static GoldenSignals golden() {
    GoldenSet set =
        new GoldenSet(
            "digits",
            "/infer",
            List.of(new GoldenSet.Item("{}", "1"), new GoldenSet.Item("[]", "2")),
            "sha256:0",
            new Exact());
    return new GoldenRuns(
        name -> Optional.of(set),
        new ReadyReplicas(List::of),
        (judge, question) -> {
          throw new AssertionError("nobody is to judge");
        });
  }
}
