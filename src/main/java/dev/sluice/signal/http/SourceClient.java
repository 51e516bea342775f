package dev.sluice.signal.http;

import dev.sluice.model.Unavailable;
import dev.sluice.signal.BoundedBody;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Asks one {@link HttpSource}: within a time, up to a length, following no redirect, since
 * credentials go where they were meant to go.
 */
public final class SourceClient implements AutoCloseable {
  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(1);

  private final String name;
  private final String settings;
  private final HttpSource at;
  private final Duration timeout;
  private final int longestAnswer;
  private final HttpClient client;

  /**
   * @param name in messages, as {@code Prometheus main}
   * @param settings where its settings are, as {@code sluice.signal.prometheus.main}
   * @param timeout for one question, from connecting to the last byte of the answer
   * @param longestAnswer in bytes
   */
  public SourceClient(
      String name,
      String settings,
      HttpSource at,
      Duration timeout,
      int longestAnswer,
      TlsConfigurationRegistry tls) {
    this.name = name;
    this.settings = settings;
    this.at = at;
    this.timeout = timeout;
    this.longestAnswer = longestAnswer;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout.compareTo(LONGEST_CONNECT) < 0 ? timeout : LONGEST_CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER);
    at.tlsConfigurationName().map(tlsName -> trusting(tls, tlsName)).ifPresent(builder::sslContext);
    this.client = builder.build();
  }

  /**
   * Posts a text and waits for the answer.
   *
   * @param path below the source's address; may be empty
   * @return an answer of any status but 3xx, 401, 403 and 5xx
   * @throws Unavailable without such an answer
   */
  public HttpResponse<byte[]> post(String path, String contentType, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target(path))
            .timeout(timeout)
            .header("content-type", contentType)
            .header("accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    String authorization = authorization();
    if (authorization != null) {
      request.header("authorization", authorization);
    }
    HttpResponse<byte[]> response = send(request.build());
    int status = response.statusCode();
    if (status == 401 || status == 403) {
      throw new Unavailable(
          "%s answered %s: its credentials are %s.*".formatted(name, status, settings));
    }
    if (status / 100 == 3 || status / 100 == 5) {
      throw new Unavailable(name + " answered " + status);
    }
    return response;
  }

  private HttpResponse<byte[]> send(HttpRequest request) {
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, response -> new BoundedBody(longestAnswer));
    try {
      // the request's own timeout ends with the answer's head
      return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw late(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof HttpTimeoutException) {
        throw late(e);
      }
      throw new Unavailable("%s can't be asked: %s".formatted(name, reason(e)), e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new Unavailable(name + " was not asked to the end", e);
    }
  }

  private Unavailable late(Exception e) {
    return new Unavailable("%s did not answer within %s ms".formatted(name, timeout.toMillis()), e);
  }

  private static String reason(ExecutionException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  private static SSLContext trusting(TlsConfigurationRegistry tls, String name) {
    TlsConfiguration configuration =
        tls.get(name).orElseThrow(() -> new Unavailable("no quarkus.tls." + name + ".* is set"));
    try {
      return configuration.createSSLContext();
    } catch (Exception e) {
      throw new Unavailable("the TLS configuration '" + name + "' can't be used", e);
    }
  }

  private URI target(String path) {
    String base = at.url().toString();
    boolean doubled = base.endsWith("/") && path.startsWith("/");
    return URI.create((doubled ? base.substring(0, base.length() - 1) : base) + path);
  }

  private @Nullable String authorization() {
    if (at.username().isPresent()) {
      String both = at.username().get() + ":" + at.password().orElse("");
      return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }
    if (at.bearerTokenFile().isPresent()) {
      try {
        return "Bearer " + Files.readString(at.bearerTokenFile().get()).strip();
      } catch (IOException e) {
        throw new Unavailable(
            "the token of %s can't be read from %s".formatted(name, at.bearerTokenFile().get()), e);
      }
    }
    return at.bearerToken().map(token -> "Bearer " + token).orElse(null);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
