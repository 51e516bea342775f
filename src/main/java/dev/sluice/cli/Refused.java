package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The server answered, and the answer is no: an RFC 9457 problem document. */
public final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String sentence;
  private final transient List<Finding> findings;

  /**
   * One thing that is wrong with a document.
   *
   * @param line 1-based; 0 where the place is not known
   * @param column 1-based; 0 where the place is not known
   */
  record Finding(String path, int line, int column, String message) {
    /** {@code file:line:column: path: message}, leaving out what is not known. */
    String in(String file, int linesBefore) {
      String place = line > 0 ? file + ":" + (line + linesBefore) + ":" + column : file;
      return place + ": " + (path.isEmpty() ? "" : path + ": ") + message;
    }
  }

  private Refused(int status, String message, List<Finding> findings) {
    super(message);
    this.status = status;
    this.sentence = message;
    this.findings = List.copyOf(findings);
  }

  /**
   * Reads a problem document.
   *
   * @param body its JSON; anything else, an empty body too, falls back to the status
   */
  static Refused of(int status, JsonNode body) {
    String title = body.path("title").asText("");
    String detail = body.path("detail").asText("");
    String message = !detail.isEmpty() ? detail : !title.isEmpty() ? title : reason(status);
    return new Refused(status, message.replaceAll("\\s*\\R\\s*", " "), findings(body));
  }

  /** The {@code problems} of a document, in its order. */
  static List<Finding> findings(JsonNode body) {
    List<Finding> found = new ArrayList<>();
    for (JsonNode p : body.path("problems")) {
      found.add(
          new Finding(
              p.path("path").asText(""),
              p.path("line").asInt(0),
              p.path("column").asInt(0),
              p.path("message").asText("")));
    }
    return found;
  }

  private static String reason(int status) {
    return switch (status) {
      case 401 ->
          "the server wants a token: set SLUICE_TOKEN (the admin token in SLUICE_HOME goes only to"
              + " the server that left it there)";
      case 403 -> "the token's role may not do this";
      case 404 -> "there is no such thing (404)";
      default -> "the server answered with status " + status;
    };
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** Why, in one line. */
  public String sentence() {
    return sentence;
  }

  List<Finding> findings() {
    return findings;
  }

  /** What a person reads: a line a finding, or the one sentence. */
  List<String> lines() {
    return findings.isEmpty()
        ? List.of("sluice: " + sentence)
        : findings.stream().map(f -> "sluice: " + f.in("request", 0)).toList();
  }
}
