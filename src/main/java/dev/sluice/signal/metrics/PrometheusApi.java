package dev.sluice.signal.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.model.Rejected;
import dev.sluice.model.Unavailable;
import dev.sluice.signal.promql.Promql;
import dev.sluice.signal.promql.Selector;
import dev.sluice.signal.promql.SyntaxError;
import dev.sluice.signal.promql.Type;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Asks one Prometheus over its HTTP API (stable since 2.0; {@code format_query}, which tells
 * whether an expression parses without evaluating it, since 2.37).
 */
final class PrometheusApi implements Prometheus {
  /** Tells the answers to several expressions in one query apart. */
  private static final String PART = "sluice_part";

  private static final JsonMapper JSON = new JsonMapper();

  /** The HTTP {@code Date} header has whole seconds. */
  private static final Duration DATE_PRECISION = Duration.ofSeconds(1);

  private final String name;
  private final PrometheusCall call;
  private final Duration maxClockSkew;
  private final InstantSource clock;

  PrometheusApi(String name, PrometheusCall call, Duration maxClockSkew, InstantSource clock) {
    this.name = name;
    this.call = call;
    this.maxClockSkew = maxClockSkew;
    this.clock = clock;
  }

  @Override
  public String told() {
    return "Prometheus " + name;
  }

  @Override
  public List<Series> samples(List<Selector> selectors, Instant from, Instant to) {
    // raw samples come of an instant query for a range; it may have its left end in or out
    long millis = Math.max(1, Duration.between(from, to).toMillis() + 1);
    return query(Selector.covering(selectors) + "[" + millis + "ms]", to).stream()
        .filter(series -> selectors.stream().anyMatch(s -> s.test(series.labels())))
        .toList();
  }

  @Override
  public List<List<Series>> instant(List<String> expressions, Instant at) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < expressions.size(); i++) {
      parts.add(
          "label_replace(%s, \"%s\", \"%s\", \"\", \"\")"
              .formatted(vector(expressions.get(i)), PART, i));
    }
    List<List<Series>> answers = new ArrayList<>();
    expressions.forEach(expression -> answers.add(new ArrayList<>()));
    for (Series series : query(String.join(" or ", parts), at)) {
      Map<String, String> labels = new TreeMap<>(series.labels());
      String part = labels.remove(PART);
      answers.get(Integer.parseInt(String.valueOf(part))).add(new Series(labels, series.samples()));
    }
    return answers;
  }

  private static String vector(String expression) {
    try {
      return (Promql.parse(expression).type() == Type.SCALAR ? "vector(" : "(")
          + expression
          // a comment in it must not hide what closes it
          + "\n)";
    } catch (SyntaxError e) {
      throw new Rejected("'" + expression + "' is no PromQL: " + e.told(), e);
    }
  }

  @Override
  public List<Series> range(String expression, Instant from, Instant to, Duration step) {
    return series(
        ask(
            "/api/v1/query_range",
            Map.of(
                "query", expression,
                "start", seconds(from),
                "end", seconds(to),
                "step", BigDecimal.valueOf(step.toMillis(), 3).toPlainString())));
  }

  private List<Series> query(String expression, Instant at) {
    return series(ask("/api/v1/query", Map.of("query", expression, "time", seconds(at))));
  }

  @Override
  public Optional<String> refusal(String expression) {
    try {
      var unused = ask("/api/v1/format_query", Map.of("query", expression));
      return Optional.empty();
    } catch (Rejected e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static String seconds(Instant at) {
    return BigDecimal.valueOf(at.toEpochMilli(), 3).toPlainString();
  }

  private JsonNode ask(String path, Map<String, String> form) {
    PrometheusCall.Reply reply = call.post(name, path, form);
    JsonNode answer;
    try {
      answer = JSON.readTree(reply.body());
    } catch (IOException e) {
      throw new Unavailable(told() + " answered " + reply.status() + " with no JSON", e);
    }
    if (answer.path("status").asText().equals("error")) {
      throw new Rejected(
          "%s refused: %s (%s)"
              .formatted(told(), answer.path("error").asText(), answer.path("errorType").asText()));
    }
    if (reply.status() / 100 != 2 || !answer.path("status").asText().equals("success")) {
      throw new Unavailable(told() + " answered " + reply.status());
    }
    checkClock(reply.date());
    if (!answer.path("warnings").isEmpty()) {
      // a store of several that has lost one of them answers with what is left
      throw new Unavailable(
          told() + " answered with a warning: " + answer.path("warnings").get(0).asText());
    }
    return answer.path("data");
  }

  private void checkClock(@Nullable Instant date) {
    if (date == null) {
      return;
    }
    Duration skew = Duration.between(date, clock.instant()).abs();
    if (skew.compareTo(maxClockSkew.plus(DATE_PRECISION)) > 0) {
      throw new Unavailable(
          "the clock of %s differs from this one by %s s, %s s are allowed"
              .formatted(told(), skew.toSeconds(), maxClockSkew.toSeconds()));
    }
  }

  private List<Series> series(JsonNode data) {
    JsonNode result = data.path("result");
    List<Series> all = new ArrayList<>();
    switch (data.path("resultType").asText()) {
      case "vector" ->
          result.forEach(
              one -> all.add(new Series(labels(one), List.of(sample(one.path("value"))))));
      case "matrix" ->
          result.forEach(
              one -> {
                List<Series.Sample> samples = new ArrayList<>();
                one.path("values").forEach(value -> samples.add(sample(value)));
                all.add(new Series(labels(one), samples));
              });
      case "scalar" -> all.add(new Series(Map.of(), List.of(sample(result))));
      default ->
          throw new Unavailable(
              told() + " answered with a result of type " + data.path("resultType"));
    }
    return all;
  }

  private static Map<String, String> labels(JsonNode series) {
    Map<String, String> labels = new TreeMap<>();
    series.path("metric").properties().forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
    return labels;
  }

  private Series.Sample sample(JsonNode pair) {
    if (pair.size() != 2 || !pair.get(0).isNumber() || !pair.get(1).isTextual()) {
      // native histograms come in another shape
      throw new Unavailable(told() + " answered with no plain number: " + pair);
    }
    BigDecimal at = pair.get(0).decimalValue();
    return new Series.Sample(
        Instant.ofEpochMilli(at.movePointRight(3).setScale(0, RoundingMode.HALF_UP).longValue()),
        Numbers.parse(pair.get(1).asText()));
  }
}
