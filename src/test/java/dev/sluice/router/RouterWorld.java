package dev.sluice.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.AdmissionPolicy;
import dev.sluice.model.BalancePolicy;
import dev.sluice.model.Exchange;
import dev.sluice.model.Lane;
import dev.sluice.model.ModelService.TrafficPolicy;
import dev.sluice.model.Pair;
import dev.sluice.model.ServiceName;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.VersionName;
import dev.sluice.router.admission.VersionGate;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A router with upstreams of a test's own making, all on loopback. */
final class RouterWorld implements AutoCloseable {
  static final ServiceName DIGITS = new ServiceName("digits");
  static final VersionName STABLE = new VersionName("stable");
  static final VersionName CANDIDATE = new VersionName("candidate");
  static final String INFER = "/v2/models/digits/infer";
  static final String SAFE = "POST /v2/models/*/infer";

  final Vertx vertx = Vertx.vertx();
  final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  final Router router;
  private final Map<VersionName, List<URI>> endpoints = new TreeMap<>();
  private List<String> safe = List.of(SAFE);
  private Duration timeout = Duration.ofSeconds(20);
  private @Nullable String schema;
  private @Nullable VersionName standby;
  private @Nullable String keyHeader;
  private AdmissionPolicy admission = AdmissionPolicy.SAFE;
  private BalancePolicy balance = BalancePolicy.PLAIN;
  private long fence = 1;

  RouterWorld() {
    this(options());
  }

  RouterWorld(RouterOptions options) {
    router = new Router(vertx, options);
    router.start().toCompletableFuture().join();
  }

  static RouterOptions options() {
    return RouterOptions.defaults(InstantSource.system(), 7);
  }

  RouterWorld upstream(VersionName version, Handler<HttpServerRequest> handler) {
    HttpServer server =
        await(vertx.createHttpServer().requestHandler(handler).listen(0, "127.0.0.1"));
    return endpoint(version, server.actualPort());
  }

  /** An upstream that speaks whatever the handler says, HTTP or not. */
  RouterWorld rawUpstream(VersionName version, Handler<NetSocket> handler) {
    NetServer server =
        await(vertx.createNetServer().connectHandler(handler).listen(0, "127.0.0.1"));
    return endpoint(version, server.actualPort());
  }

  /** An upstream nobody listens at. */
  RouterWorld refusing(VersionName version) {
    try (ServerSocket free = new ServerSocket(0)) {
      return endpoint(version, free.getLocalPort());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private RouterWorld endpoint(VersionName version, int port) {
    endpoints
        .computeIfAbsent(version, v -> new ArrayList<>())
        .add(URI.create("http://127.0.0.1:" + port));
    return this;
  }

  /** An upstream that answers each whole request with this JSON. */
  RouterWorld answering(VersionName version, String json) {
    return upstream(
        version,
        request ->
            request
                .body()
                .onSuccess(
                    body ->
                        request
                            .response()
                            .putHeader("content-type", "application/json")
                            .end(json)));
  }

  RouterWorld safe(String... patterns) {
    safe = List.of(patterns);
    return this;
  }

  RouterWorld timeout(Duration after) {
    timeout = after;
    return this;
  }

  RouterWorld schema(String text) {
    schema = text;
    return this;
  }

  RouterWorld standby(VersionName version) {
    standby = version;
    return this;
  }

  RouterWorld fence(long next) {
    fence = next;
    return this;
  }

  RouterWorld admission(AdmissionPolicy policy) {
    admission = policy;
    return this;
  }

  RouterWorld balance(BalancePolicy policy) {
    balance = policy;
    return this;
  }

  RouterWorld keyHeader(String header) {
    keyHeader = header;
    return this;
  }

  Route route(TrafficSplit split) {
    return new Route(
        DIGITS,
        split,
        endpoints,
        standby,
        new TrafficPolicy("sluice", keyHeader, safe, timeout, "/answer", admission, balance),
        schema,
        fence);
  }

  RouterWorld split(TrafficSplit split) {
    router.apply(route(split));
    return this;
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + router.port() + path);
  }

  HttpResponse<String> infer(String body, String... headers) throws Exception {
    return send("POST", "/digits" + INFER, body, headers);
  }

  HttpResponse<String> send(String method, String path, String body, String... headers)
      throws Exception {
    return http.send(request(method, path, body, headers), BodyHandlers.ofString());
  }

  HttpRequest request(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .timeout(Duration.ofSeconds(30))
            .method(method, BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.build();
  }

  /** Requests of a lane that wait for their turn at {@code version}. */
  int waiting(VersionName version, Lane lane) {
    VersionGate.Crowd crowd = router.crowds(DIGITS).get(version);
    return crowd == null ? 0 : crowd.waiting().getOrDefault(lane, 0);
  }

  Observations seen() {
    return router.observations(DIGITS);
  }

  Exchange onlyExchange() {
    eventually(() -> !seen().exchanges(0, 10).items().isEmpty());
    List<Exchange> all = seen().exchanges(0, 10).items();
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  Pair pairAfter(long seq) {
    eventually(() -> !seen().pairs(seq, 1).items().isEmpty());
    return seen().pairs(seq, 1).items().getFirst();
  }

  /** Waits for a condition; fails if it doesn't come true. */
  static void eventually(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("the condition came true in time").isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }

  static <T> T await(io.vertx.core.Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  static Buffer ok(String answer) {
    return Buffer.buffer("{\"answer\":\"" + answer + "\"}");
  }

  @Override
  public void close() {
    router.close();
    await(vertx.close());
    http.close();
  }
}
