package dev.sluice.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A server that says what it was told to, and remembers what it was asked. */
final class FakeServer implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, Deque<Said>> answers = new ConcurrentHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Said(int status, byte[] body) {}

  /**
   * @param call method, path and query, as {@code GET /api/v1/services}
   */
  record Asked(
      String call,
      String body,
      @Nullable String contentType,
      @Nullable String authorization,
      @Nullable String idempotencyKey) {}

  FakeServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Answers a call so; told twice, first so, then so, and from then on like the last time. */
  FakeServer says(String call, int status, String body) {
    return says(call, status, body.getBytes(StandardCharsets.UTF_8));
  }

  /** The same, with a file. */
  FakeServer says(String call, int status, byte[] body) {
    answers.computeIfAbsent(call, c -> new ArrayDeque<>()).add(new Said(status, body));
    return this;
  }

  List<Asked> asked() {
    return asked;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String call = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    byte[] body = exchange.getRequestBody().readAllBytes();
    asked.add(
        new Asked(
            call,
            new String(body, StandardCharsets.UTF_8),
            exchange.getRequestHeaders().getFirst("Content-Type"),
            exchange.getRequestHeaders().getFirst("Authorization"),
            exchange.getRequestHeaders().getFirst("Idempotency-Key")));
    Deque<Said> said = answers.get(call);
    String unknown = "{\"title\":\"the fake was not told about " + call + "\"}";
    Said now = new Said(404, unknown.getBytes(StandardCharsets.UTF_8));
    if (said != null) {
      now = said.size() > 1 ? said.removeFirst() : said.getFirst();
    }
    byte[] bytes = now.body();
    exchange.sendResponseHeaders(now.status(), bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
