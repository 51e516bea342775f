package dev.sluice.signal.score;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.sluice.model.Unavailable;
import dev.sluice.signal.http.SourceClient;
import dev.sluice.signal.metrics.SignalConfig;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Fallback;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the judges of {@link SignalConfig#judge} over HTTP. The contract: a POST of
 *
 * <pre>
 * {@code {"goldenSet": "support-chat", "item": 3, "request": {…}, "answer": "…", "labels": ["…"]}}
 * </pre>
 *
 * with the credentials of its settings, answered within its timeout by a 2xx, at most 64 KiB, of
 *
 * <pre>{@code {"score": 0.8}}</pre>
 *
 * a number from 0 to 1; other keys are its own. Whatever else it answers is no score. After a few
 * such failures it isn't asked for a while; who wants the score asks again. One breaker stands
 * before all judges.
 */
@ApplicationScoped
public class JudgeHttp implements JudgeCall {
  private static final int LONGEST_ANSWER = 64 << 10;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final SignalConfig config;
  private final TlsConfigurationRegistry tls;
  private final Map<String, SourceClient> clients = new ConcurrentHashMap<>();

  JudgeHttp(SignalConfig config, TlsConfigurationRegistry tls) {
    this.config = config;
    this.tls = tls;
  }

  @Override
  @CircuitBreaker(
      requestVolumeThreshold = 4,
      failureRatio = 1,
      delay = 5_000,
      failOn = Unavailable.class)
  @Fallback(fallbackMethod = "notAsked", applyOn = CircuitBreakerOpenException.class)
  public double score(String judge, Question question) {
    HttpResponse<byte[]> response =
        clients.computeIfAbsent(judge, this::client).post("", "application/json", text(question));
    Double score = response.statusCode() / 100 == 2 ? score(response.body()) : null;
    if (score == null) {
      throw new Unavailable(
          "judge %s answered %s without a score from 0 to 1"
              .formatted(judge, response.statusCode()));
    }
    return score;
  }

  /** What the open breaker answers. */
  double notAsked(String judge, Question question) {
    throw new Unavailable("judge " + judge + " is not asked for a while: it failed several times");
  }

  private SourceClient client(String judge) {
    String settings = "sluice.signal.judge." + judge;
    SignalConfig.Judge at = config.judge().get(judge);
    if (at == null) {
      throw new Unavailable("no " + settings + ".url is set");
    }
    return new SourceClient("judge " + judge, settings, at, at.timeout(), LONGEST_ANSWER, tls);
  }

  private static String text(Question question) {
    ObjectNode body = JSON.createObjectNode();
    body.put("goldenSet", question.goldenSet());
    body.put("item", question.item());
    body.putRawValue("request", new RawValue(question.request()));
    body.put("answer", question.answer());
    question.labels().forEach(body.putArray("labels")::add);
    try {
      return JSON.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a question that can't be written: " + question, e);
    }
  }

  private static @Nullable Double score(byte[] body) {
    try {
      JsonNode score = JSON.readTree(body).path("score");
      return score.isNumber() && score.doubleValue() >= 0 && score.doubleValue() <= 1
          ? score.doubleValue()
          : null;
    } catch (IOException notJson) {
      return null;
    }
  }

  @PreDestroy
  void close() {
    clients.values().forEach(SourceClient::close);
  }
}
