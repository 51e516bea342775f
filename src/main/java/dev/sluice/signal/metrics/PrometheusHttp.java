package dev.sluice.signal.metrics;

import dev.sluice.model.Unavailable;
import dev.sluice.signal.http.SourceClient;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Fallback;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
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
  private final Map<String, SourceClient> clients = new ConcurrentHashMap<>();

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
  @Fallback(fallbackMethod = "notAsked", applyOn = CircuitBreakerOpenException.class)
  public Reply post(String source, String path, Map<String, String> form) {
    HttpResponse<byte[]> response =
        clients
            .computeIfAbsent(source, this::client)
            .post(path, "application/x-www-form-urlencoded", encoded(form));
    return new Reply(response.statusCode(), response.body(), date(response));
  }

  /** What the open breaker answers. */
  Reply notAsked(String source, String path, Map<String, String> form) {
    throw new Unavailable(
        "Prometheus " + source + " is not asked for a while: it failed several times");
  }

  private SourceClient client(String source) {
    String settings = "sluice.signal.prometheus." + source;
    SignalConfig.Source at = config.prometheus().get(source);
    if (at == null) {
      throw new IllegalArgumentException("no " + settings + ".url is set");
    }
    return new SourceClient(
        "Prometheus " + source, settings, at, at.timeout(), LONGEST_ANSWER, tls);
  }

  private static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
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
    clients.values().forEach(SourceClient::close);
  }
}
