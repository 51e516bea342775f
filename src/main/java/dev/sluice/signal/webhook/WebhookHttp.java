package dev.sluice.signal.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.model.Unavailable;
import dev.sluice.model.Verdict;
import dev.sluice.signal.http.SourceClient;
import dev.sluice.signal.metrics.SignalConfig;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Fallback;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the web services of {@link SignalConfig#webhook} over HTTP. The contract: a POST of
 *
 * <pre>
 * {@code {"release": "…", "service": "support-chat", "candidate": "r42", "stable": "r41",
 *  "stage": "canary", "gate": "risk-review", "since": "2030-01-31T12:00:00Z"}}
 * </pre>
 *
 * with the credentials of its settings ({@code stable} is null where there is none; {@code since}
 * is when the present step began), answered within its timeout by a 2xx, at most 64 KiB, of
 *
 * <pre>{@code {"verdict": "pass", "why": "reviewed by …"}}</pre>
 *
 * where the verdict is {@code pass}, {@code fail} or {@code undecided}, and {@code why} is a
 * sentence for people; other keys are its own. The question may come any number of times. Whatever
 * else it answers is no verdict. After a few such failures it isn't asked for a while. One breaker
 * stands before all of them.
 */
@ApplicationScoped
public class WebhookHttp implements Webhooks {
  private static final int LONGEST_ANSWER = 64 << 10;
  private static final int LONGEST_WHY = 1_000;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final SignalConfig config;
  private final TlsConfigurationRegistry tls;
  private final Map<String, SourceClient> clients = new ConcurrentHashMap<>();

  WebhookHttp(SignalConfig config, TlsConfigurationRegistry tls) {
    this.config = config;
    this.tls = tls;
  }

  @Override
  public Set<String> names() {
    return config.webhook().keySet();
  }

  @Override
  @CircuitBreaker(
      requestVolumeThreshold = 4,
      failureRatio = 1,
      delay = 5_000,
      failOn = Unavailable.class)
  @Fallback(fallbackMethod = "notAsked", applyOn = CircuitBreakerOpenException.class)
  public Verdict verdict(String name, Question question) {
    HttpResponse<byte[]> response =
        clients.computeIfAbsent(name, this::client).post("", "application/json", text(question));
    Verdict verdict = response.statusCode() / 100 == 2 ? verdict(response.body()) : null;
    if (verdict == null) {
      throw new Unavailable(
          "webhook %s answered %s without a verdict of pass, fail or undecided and a why"
              .formatted(name, response.statusCode()));
    }
    return verdict;
  }

  /** What the open breaker answers. */
  Verdict notAsked(String name, Question question) {
    throw new Unavailable("webhook " + name + " is not asked for a while: it failed several times");
  }

  private SourceClient client(String name) {
    String settings = "sluice.signal.webhook." + name;
    SignalConfig.Webhook at = config.webhook().get(name);
    if (at == null) {
      throw new Unavailable("no " + settings + ".url is set");
    }
    return new SourceClient("webhook " + name, settings, at, at.timeout(), LONGEST_ANSWER, tls);
  }

  private static String text(Question question) {
    Map<String, @Nullable String> body = new LinkedHashMap<>();
    body.put("release", question.release());
    body.put("service", question.service());
    body.put("candidate", question.candidate());
    body.put("stable", question.stable());
    body.put("stage", question.stage());
    body.put("gate", question.gate());
    body.put("since", question.since().toString());
    try {
      return JSON.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a question that can't be written: " + question, e);
    }
  }

  private static @Nullable Verdict verdict(byte[] body) {
    JsonNode answer;
    try {
      answer = JSON.readTree(body);
    } catch (IOException notJson) {
      return null;
    }
    String why = answer.path("why").asText("").strip();
    if (!answer.path("why").isTextual() || why.isEmpty()) {
      return null;
    }
    String told = why.length() <= LONGEST_WHY ? why : why.substring(0, LONGEST_WHY) + "…";
    return switch (answer.path("verdict").asText("")) {
      case "pass" -> new Verdict.Pass(told);
      case "fail" -> new Verdict.Fail(told);
      case "undecided" -> new Verdict.Undecided(told);
      default -> null;
    };
  }

  @PreDestroy
  void close() {
    clients.values().forEach(SourceClient::close);
  }
}
