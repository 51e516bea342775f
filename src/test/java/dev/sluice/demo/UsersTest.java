package dev.sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.cli.Api;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsersTest {
  private static final String GOOD = "{\"outputs\":[{\"name\":\"label\",\"data\":[7]}]}";

  private final BlockingQueue<String> answered = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> posted = new LinkedBlockingQueue<>();
  private final Set<String> requests = ConcurrentHashMap.newKeySet();
  private volatile String answer = GOOD;
  private @Nullable HttpServer server;

  @BeforeEach
  void start() throws IOException {
    HttpServer started =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    started.createContext("/infer", e -> say(e, answer, answered));
    started.createContext("/api/v1/releases/r1/measurements", e -> say(e, "{}", posted));
    started.start();
    server = started;
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop(0);
    }
  }

  private void say(HttpExchange exchange, String text, BlockingQueue<String> to)
      throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String id = exchange.getRequestHeaders().getFirst("x-request-id");
    if (id != null) {
      requests.add(id);
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
    to.add(body);
  }

  private URI url() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private static final List<Images.Image> IMAGES = List.of(new Images.Image("{\"n\":1}", "3"));

  @Test
  void countsAnswersInTheTallyOfTheirMomentAndPostsTheirLabelsLater() throws Exception {
    Labels labels = new Labels(new Api(url(), "t"));
    labels.to("r1");
    Tally first = new Tally();
    Tally second = new Tally();
    try (Users users = Users.start(url().resolve("/infer"), IMAGES, labels, 200, 1)) {
      users.countIn(first);
      for (int i = 0; i < 50; i++) {
        assertThat(answered.poll(10, TimeUnit.SECONDS)).isEqualTo("{\"n\":1}");
      }
      users.countIn(second);
      first.settle(Duration.ofSeconds(10));
      long seen = first.requests();
      assertThat(seen).isPositive();
      assertThat(first.errors()).isZero();

      answer = "{\"outputs\":[{\"name\":\"label\",\"data\":[NaN]}]}";
      answered.clear();
      for (int i = 0; i < 50; i++) {
        assertThat(answered.poll(10, TimeUnit.SECONDS)).isNotNull();
      }
      assertThat(first.requests()).isEqualTo(seen);

      String batch = posted.poll(10, TimeUnit.SECONDS);
      assertThat(batch).isNotNull();
      JsonNode label = Api.JSON.readTree(batch).path("measurements").path(0);
      assertThat(label.path("label").asText()).isEqualTo("3");
      assertThat(requests).contains(label.path("request").asText());
      assertThat(users.latencyMillis(50)).isPositive();
    }
    assertThat(second.errors()).isPositive();
    assertThat(second.firstError()).startsWith("no JSON: ");
    assertThat(labels.lost()).isZero();
  }

  @Test
  void readsImagesAndNamesABrokenLine(@TempDir Path directory) throws IOException {
    String pixels = "0,".repeat(63) + "16";
    Path csv = Files.writeString(directory.resolve("t.csv"), "head\n12," + pixels + ",8\n");

    assertThat(Images.read(csv))
        .containsExactly(
            new Images.Image(
                "{\"inputs\":[{\"name\":\"pixels\",\"datatype\":\"FP32\",\"shape\":[1,64],\"data\":["
                    + pixels
                    + "]}]}",
                "8"));

    Files.writeString(csv, "head\n1,2,3\n");
    assertThatThrownBy(() -> Images.read(csv)).hasMessage(csv + ":2: must have 66 cells, had 3");
  }
}
