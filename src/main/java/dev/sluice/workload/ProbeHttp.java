package dev.sluice.workload;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** HTTP as probes need it: bounded in time and in size, and no exceptions. */
final class ProbeHttp implements AutoCloseable {
  private static final int LIMIT_BYTES = 1 << 20;

  private final Duration timeout;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client;

  ProbeHttp(Duration timeout) {
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .executor(threads)
            .build();
  }

  Answer get(URI uri) {
    return send(HttpRequest.newBuilder(uri).GET());
  }

  Answer post(URI uri, String json) {
    return send(
        HttpRequest.newBuilder(uri)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  @Override
  public void close() {
    client.shutdownNow();
    threads.shutdownNow();
  }

  private Answer send(HttpRequest.Builder request) {
    // the client's own time-out ends with the headers; this one covers the body too
    CompletableFuture<HttpResponse<InputStream>> response =
        client.sendAsync(
            request.header("x-sluice-probe", "true").timeout(timeout).build(),
            BodyHandlers.ofInputStream());
    CompletableFuture<Answer> answer = response.thenApplyAsync(ProbeHttp::read, threads);
    try {
      return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      var unused = response.thenAccept(ProbeHttp::abandon);
      response.cancel(true);
      return new Answer(0, "no answer within " + timeout.toMillis() + " ms");
    } catch (ExecutionException e) {
      return new Answer(0, String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(0, "interrupted");
    }
  }

  private static Answer read(HttpResponse<InputStream> response) {
    try (InputStream body = response.body()) {
      byte[] bytes = body.readNBytes(LIMIT_BYTES + 1);
      return bytes.length > LIMIT_BYTES
          ? new Answer(0, "an answer above " + LIMIT_BYTES + " bytes")
          : new Answer(response.statusCode(), new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void abandon(HttpResponse<InputStream> response) {
    try {
      response.body().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param status of HTTP; 0: no answer, and {@code body} says why
   */
  record Answer(int status, String body) {
    /** One phrase for people. */
    String brief() {
      if (status == 200) {
        return "HTTP 200";
      }
      String start = body.substring(0, Math.min(body.length(), 120)).strip();
      return status == 0 ? start : "HTTP " + status + (start.isEmpty() ? "" : " " + start);
    }
  }
}
