package dev.sluice.signal;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.model.ModelService;
import dev.sluice.model.Outcome;
import dev.sluice.signal.GoldenSignals.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server one question off the users' path and reads the answer as strictly as the data plane
 * does: JSON without NaN and without anything behind it.
 */
final class Probe implements AutoCloseable {
  /** Tells the server, and whoever reads its logs, that no user asked. */
  static final String HEADER = "x-sluice-probe";

  private static final int LONGEST_ANSWER = 1 << 20;
  private static final int SUCCESS = 2;
  private static final int SERVER_ERROR = 5;
  private static final JsonMapper STRICT =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final HttpClient client;

  Probe() {
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            // a redirect could lead where nobody allowed
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /** Waits for the answer, or for as long as the service's policy lets an upstream take. */
  Answer ask(URI endpoint, ModelService service, String path, String body) {
    Duration timeout = service.traffic().timeout();
    HttpRequest request =
        HttpRequest.newBuilder(target(endpoint, path))
            .header("content-type", "application/json")
            .header("accept", "application/json")
            .header(HEADER, "true")
            .timeout(timeout)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    long sent = System.nanoTime();
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, response -> new BoundedBody(LONGEST_ANSWER));
    try {
      HttpResponse<byte[]> response = answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return judged(response, service.traffic().answer(), since(sent));
    } catch (TimeoutException e) {
      answer.cancel(true);
      return new Answer(Outcome.TIMEOUT, 0, "", null, since(sent));
    } catch (ExecutionException e) {
      boolean late = e.getCause() instanceof java.net.http.HttpTimeoutException;
      return new Answer(late ? Outcome.TIMEOUT : Outcome.ERROR, 0, "", null, since(sent));
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      return new Answer(Outcome.ERROR, 0, "", null, since(sent));
    }
  }

  private static URI target(URI endpoint, String path) {
    String base = endpoint.toString();
    return URI.create(
        (base.endsWith("/") ? base.substring(0, base.length() - 1) : base)
            + (path.startsWith("/") ? path : "/" + path));
  }

  private static Answer judged(
      HttpResponse<byte[]> response, @Nullable String pointer, double seconds) {
    String body = new String(response.body(), StandardCharsets.UTF_8);
    int status = response.statusCode();
    if (status / 100 == SERVER_ERROR) {
      return new Answer(Outcome.ERROR, status, body, null, seconds);
    }
    JsonNode json;
    try {
      json = STRICT.readTree(response.body());
    } catch (IOException notJson) {
      json = null;
    }
    if (json == null || json.isMissingNode()) {
      // a refusal need not be JSON; an answer must
      Outcome outcome = status / 100 == SUCCESS ? Outcome.INVALID : Outcome.OK;
      return new Answer(outcome, status, body, null, seconds);
    }
    return new Answer(Outcome.OK, status, body, value(json, pointer), seconds);
  }

  private static @Nullable String value(JsonNode json, @Nullable String pointer) {
    if (pointer == null) {
      return null;
    }
    JsonNode found = json.at(JsonPointer.compile(pointer));
    if (found.isMissingNode() || found.isNull()) {
      return null;
    }
    return found.isValueNode() ? found.asText() : found.toString();
  }

  private static double since(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
