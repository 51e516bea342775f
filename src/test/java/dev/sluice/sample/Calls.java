package dev.sluice.sample;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.sample.training.Digit;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Calls to one server over a real socket. */
record Calls(HttpClient client, int port) {
  private static final ObjectMapper JSON = new ObjectMapper();
  static final String INFER = "/v2/models/digits/infer";

  static Calls to(int port) {
    return new Calls(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(), port);
  }

  HttpRequest.Builder at(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(30));
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(at(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> post(String body, String... headers)
      throws IOException, InterruptedException {
    return client.send(infer(body, headers), HttpResponse.BodyHandlers.ofString());
  }

  CompletableFuture<HttpResponse<String>> postAsync(String body) {
    return client.sendAsync(infer(body), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest infer(String body, String... headers) {
    HttpRequest.Builder request = at(INFER).POST(HttpRequest.BodyPublishers.ofString(body));
    return headers.length == 0 ? request.build() : request.headers(headers).build();
  }

  JsonNode stats() throws IOException, InterruptedException {
    return JSON.readTree(get("/v2/models/digits/stats").body());
  }

  /** Asks for the statistics until the field has the value, which a test's time limit bounds. */
  void awaitStat(String field, long value) throws IOException, InterruptedException {
    while (stats().path(field).longValue() != value) {
      Thread.onSpinWait(); // each question waits for its answer: that is pause enough
    }
  }

  static JsonNode json(HttpResponse<String> response) throws IOException {
    return JSON.readTree(response.body());
  }

  static String body(Digit digit) {
    return "{\"id\":\"row-%d\",\"inputs\":[{\"name\":\"pixels\",\"shape\":[1,64],\"datatype\":\"FP32\",\"data\":%s}]}"
        .formatted(digit.row(), digit.pixels());
  }
}
