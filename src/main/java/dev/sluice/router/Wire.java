package dev.sluice.router;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.PoolOptions;
import java.util.Collections;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the requests of one event loop share: connections to upstreams, timers, chance. Users and
 * copies go through the same client, so that both legs of a pair are treated alike.
 */
final class Wire {
  /** Requests under way in the whole router. */
  static final class Load {
    final AtomicInteger users = new AtomicInteger();
    final AtomicInteger copies = new AtomicInteger();
  }

  private static final int KEEP_ALIVE_SECONDS = 15;

  private final Vertx vertx;
  private final RouterOptions options;
  private final HttpClient client;
  private final Judge judge;
  private final Load load;
  private final SplittableRandom random;
  private final Set<HttpConnection> used = Collections.newSetFromMap(new WeakHashMap<>());

  Wire(Vertx vertx, RouterOptions options, Judge judge, Load load, long seed) {
    this.vertx = vertx;
    this.options = options;
    this.judge = judge;
    this.load = load;
    this.random = new SplittableRandom(seed);
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout((int) options.connectTimeout().toMillis())
                // shorter than servers': a connection the other side is closing breaks a request
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setMaxHeaderSize(Door.HEADER_BYTES)
                .setTcpNoDelay(true),
            new PoolOptions()
                .setHttp1MaxSize(options.connectionsPerEndpoint())
                // a queue in here would be waited in by nobody's clock
                .setMaxWaitQueueSize(0));
  }

  Vertx vertx() {
    return vertx;
  }

  RouterOptions options() {
    return options;
  }

  HttpClient client() {
    return client;
  }

  Judge judge() {
    return judge;
  }

  Load load() {
    return load;
  }

  boolean coin() {
    return random.nextInt(2) == 0;
  }

  /** Whether this is the first request on that connection. */
  boolean isFirstOn(HttpConnection connection) {
    return used.add(connection);
  }
}
