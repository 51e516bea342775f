package dev.sluice.intake.document;

import dev.sluice.model.Measurement;
import dev.sluice.model.Problem;
import dev.sluice.model.Release;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the small bodies of REST calls, by the same rules as documents. */
public final class Requests {
  private static final int LONGEST_REASON = 1_000;

  private Requests() {}

  /**
   * Wish for a release.
   *
   * @param pipeline null: the service's own
   * @param digest of the canonical body: the same wish has the same
   */
  public record ReleaseWish(
      String service,
      String version,
      @Nullable String pipeline,
      String reason,
      Map<String, String> labels,
      boolean supersede,
      String digest,
      Map<String, Problem> places) {
    public ReleaseWish {
      labels = Map.copyOf(labels);
      places = Map.copyOf(places);
    }

    /** Something wrong with one of its fields, with the place where that stands. */
    public Problem problem(String field, String message) {
      Problem place = places.getOrDefault(field, new Problem(field, 0, 0, ""));
      return new Problem(field, place.line(), place.column(), message);
    }
  }

  /** Wish for a token. */
  public record TokenWish(String name, String role) {}

  /** {@code {service, version, pipeline?, reason?, labels?, supersede?}}. */
  public static ReleaseWish release(String json) {
    Problems problems = new Problems();
    Node node = read(json, problems);
    Fields fields = new Fields(node, "", problems);
    String service = fields.label("service");
    String version = fields.label("version");
    String pipeline = fields.labelOrNull("pipeline");
    String reason = reason(fields);
    Map<String, String> labels = fields.textMap("labels");
    if (labels.size() > 32) {
      fields.wrong("labels", "must be at most 32, were " + labels.size());
    }
    labels.forEach(
        (key, value) -> {
          if (key.length() > 63 || value.length() > 256 || key.contains(":")) {
            fields.wrong(
                "labels",
                "a key is at most 63 characters without ':', a value at most 256, was " + key);
          }
        });
    boolean supersede = fields.truth("supersede", false);
    fields.end();
    problems.refuse();
    Map<String, Problem> places = new HashMap<>();
    for (String field : List.of("service", "version", "pipeline")) {
      Node.Place at = fields.at(field);
      places.put(field, new Problem(field, at.line(), at.column(), ""));
    }
    return new ReleaseWish(
        service,
        version,
        pipeline,
        reason,
        labels,
        supersede,
        Json.digest(Json.canonical(node)),
        places);
  }

  /**
   * {@code {reason?}}, or nothing at all: the wish for another release of what an ended one tried.
   */
  public static ReleaseWish retry(String json, Release ended) {
    String why = reason(json);
    String reason = "retry of " + ended.id() + (why.isEmpty() ? "" : ": " + why);
    return new ReleaseWish(
        ended.service().value(),
        ended.candidate().value(),
        ended.pipeline().name(),
        reason,
        ended.labels(),
        false,
        Json.digest(reason),
        Map.of());
  }

  /** {@code {reason?}}, or nothing at all. */
  public static String reason(String json) {
    if (json.isBlank()) {
      return "";
    }
    Problems problems = new Problems();
    Fields fields = new Fields(read(json, problems), "", problems);
    String reason = reason(fields);
    fields.end();
    problems.refuse();
    return reason;
  }

  private static String reason(Fields fields) {
    Node node = fields.node("reason");
    if (node == null) {
      return "";
    }
    String reason = fields.anyText("reason", node);
    if (reason.length() > LONGEST_REASON) {
      fields.wrong(
          "reason", "must be at most " + LONGEST_REASON + " characters, had " + reason.length());
    }
    return reason;
  }

  /**
   * What someone says was learned of a request; whether it can be true is for the intake to say.
   *
   * @param at null: just now
   */
  public record MeasurementWish(
      String request, @Nullable String label, @Nullable Double score, @Nullable Instant at) {}

  /**
   * {@code {measurements: [{request, label?, score?, at?}]}}: all well formed, or every one that is
   * not is named.
   */
  public static List<MeasurementWish> measurements(String json) {
    Problems problems = new Problems();
    Fields fields = new Fields(read(json, problems), "", problems);
    if (!fields.has("measurements")) {
      fields.wrong("measurements", "is missing");
    }
    List<MeasurementWish> measurements = new ArrayList<>();
    List<Node> items = fields.list("measurements");
    for (int i = 0; i < items.size(); i++) {
      Fields item = new Fields(items.get(i), "measurements[" + i + "]", problems);
      measurements.add(measurement(item));
    }
    fields.end();
    problems.refuse();
    return measurements;
  }

  private static MeasurementWish measurement(Fields item) {
    String request = item.text("request");
    if (request.length() > Measurement.LONGEST_REQUEST) {
      item.wrong(
          "request",
          "must be at most "
              + Measurement.LONGEST_REQUEST
              + " characters, had "
              + request.length());
    }
    String label = item.textOrNull("label");
    if (label != null && label.length() > Measurement.LONGEST_LABEL) {
      item.wrong(
          "label",
          "must be at most " + Measurement.LONGEST_LABEL + " characters, had " + label.length());
    }
    Double score = item.numberOrNull("score");
    if (label == null && score == null) {
      item.wrong("label", "is missing: a measurement has a label, a score or both");
    }
    Instant at = item.timeOrNull("at");
    item.end();
    return new MeasurementWish(request, label, score, at);
  }

  /** {@code {name, role}}. */
  public static TokenWish token(String json, Map<String, ?> roles) {
    Problems problems = new Problems();
    Fields fields = new Fields(read(json, problems), "", problems);
    String name = fields.label("name");
    String role = fields.text("role");
    if (!role.isBlank() && !roles.containsKey(role)) {
      fields.wrong(
          "role", "must be one of " + String.join(", ", roles.keySet()) + ", was '" + role + "'");
    }
    fields.end();
    problems.refuse();
    return new TokenWish(name, role);
  }

  private static Node read(String json, Problems problems) {
    Node node = new JsonNodes().read(json);
    problems.refuseUnkept(node, "");
    return node;
  }
}
