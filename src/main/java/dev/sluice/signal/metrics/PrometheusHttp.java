package dev.sluice.signal.metrics;

import dev.sluice.model.Unavailable;
import dev.sluice.signal.BoundedBody;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.jspecify.annotations.Nullable;

/**
 * Carries calls to the Prometheuses of {@link SignalConfig}. A look at the evidence waits for it,
 * and other gates with it: so one retry, and after a few failures none is tried for a while. One
 * breaker stands before all sources.
 */
@ApplicationScoped
public class PrometheusHttp implements PrometheusCall {
  /** Raw samples of some hundred series over an hour. */
  private static final int LONGEST_ANSWER = 16 << 20;

  private final SignalConfig config;
  private final TlsConfigurationRegistry tls;
  private final Map<String, HttpClient> clients = new ConcurrentHashMap<>();

  PrometheusHttp(SignalConfig config, TlsConfigurationRegistry tls) {
    this.config = config;
    this.tls = tls;
  }

  @Override
  @Retry(maxRetries = 1, delay = 100, jitter = 50, retryOn = Unavailable.class)
  @CircuitBreaker(
      requestVolumeThreshold = 4,
      failureRatio = 1,
      delay = 5_000,
      failOn = Unavailable.class)
  public Reply post(String source, String path, Map<String, String> form) {
    SignalConfig.Source at = config.prometheus().get(source);
    if (at == null) {
      throw new IllegalArgumentException("no sluice.signal.prometheus." + source + ".url is set");
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target(at.url(), path))
            .timeout(at.timeout())
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(encoded(form)));
    String authorization = authorization(source, at);
    if (authorization != null) {
      request.header("authorization", authorization);
    }
    HttpResponse<byte[]> response = send(source, at, request.build());
    if (response.statusCode() == 401 || response.statusCode() == 403) {
      throw new Unavailable(
          "Prometheus %s answered %s: its credentials are sluice.signal.prometheus.%s.*"
              .formatted(source, response.statusCode(), source));
    }
    if (response.statusCode() / 100 == 3 || response.statusCode() / 100 == 5) {
      // 503 is a query that took too long over there
      throw new Unavailable("Prometheus " + source + " answered " + response.statusCode());
    }
    return new Reply(response.statusCode(), response.body(), date(response));
  }

  private HttpResponse<byte[]> send(String source, SignalConfig.Source at, HttpRequest request) {
    try {
      return clients
          .computeIfAbsent(source, s -> client(at))
          .send(request, response -> new BoundedBody(LONGEST_ANSWER));
    } catch (IOException e) {
      throw new Unavailable("Prometheus %s can't be asked: %s".formatted(source, reason(e)), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("Prometheus " + source + " was not asked to the end", e);
    }
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  private HttpClient client(SignalConfig.Source at) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(
                at.timeout().compareTo(Duration.ofSeconds(1)) < 0
                    ? at.timeout()
                    : Duration.ofSeconds(1))
            // credentials go where they were meant to go
            .followRedirects(HttpClient.Redirect.NEVER);
    at.tlsConfigurationName().map(this::trusting).ifPresent(builder::sslContext);
    return builder.build();
  }

  private SSLContext trusting(String name) {
    TlsConfiguration configuration =
        tls.get(name)
            .orElseThrow(
                () -> new IllegalArgumentException("no quarkus.tls." + name + ".* is set"));
    try {
      return configuration.createSSLContext();
    } catch (Exception e) {
      throw new Unavailable("the TLS configuration '" + name + "' can't be used", e);
    }
  }

  private static URI target(URI base, String path) {
    String text = base.toString();
    return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + path);
  }

  private static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private static @Nullable String authorization(String source, SignalConfig.Source at) {
    if (at.username().isPresent()) {
      String both = at.username().get() + ":" + at.password().orElse("");
      return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }
    if (at.bearerTokenFile().isPresent()) {
      try {
        return "Bearer " + Files.readString(at.bearerTokenFile().get()).strip();
      } catch (IOException e) {
        throw new Unavailable(
            "the token of Prometheus %s can't be read from %s"
                .formatted(source, at.bearerTokenFile().get()),
            e);
      }
    }
    return at.bearerToken().map(token -> "Bearer " + token).orElse(null);
  }

  private static @Nullable Instant date(HttpResponse<?> response) {
    try {
      return response
          .headers()
          .firstValue("date")
          .map(text -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)))
          .orElse(null);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  @PreDestroy
  void close() {
    clients.values().forEach(HttpClient::shutdownNow);
  }
}
