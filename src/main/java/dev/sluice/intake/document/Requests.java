package dev.sluice.intake.document;

import dev.sluice.model.Measurement;
import dev.sluice.model.Problem;
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

  /** {@code {measurements: [{request, label}]}}: all sound, or every one that is not is named. */
  public static List<Measurement> measurements(String json) {
    Problems problems = new Problems();
    Fields fields = new Fields(read(json, problems), "", problems);
    if (!fields.has("measurements")) {
      fields.wrong("measurements", "is missing");
    }
    List<Measurement> measurements = new ArrayList<>();
    List<Node> items = fields.list("measurements");
    for (int i = 0; i < items.size(); i++) {
      int before = problems.count();
      Fields item = new Fields(items.get(i), "measurements[" + i + "]", problems);
      String request = item.text("request");
      if (request.length() > 128) {
        item.wrong("request", "must be at most 128 characters, had " + request.length());
      }
      String label = item.text("label");
      if (label.length() > 256) {
        item.wrong("label", "must be at most 256 characters, had " + label.length());
      }
      item.end();
      if (problems.count() == before) {
        measurements.add(new Measurement(request, label));
      }
    }
    fields.end();
    problems.refuse();
    return measurements;
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
