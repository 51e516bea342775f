package dev.sluice.intake.rest;

import dev.sluice.model.Problem;
import java.util.List;

/** An answer that is a problem document (RFC 9457), on its way to the one mapper. */
final class ApiProblem extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String type;
  private final String title;
  private final transient List<Problem> problems;

  private ApiProblem(int status, String type, String title, String detail, List<Problem> problems) {
    super(detail);
    this.status = status;
    this.type = type;
    this.title = title;
    this.problems = List.copyOf(problems);
  }

  static ApiProblem of(int status, String type, String title, String detail) {
    return new ApiProblem(status, type, title, detail, List.of());
  }

  static ApiProblem badRequest(String detail) {
    return of(400, "bad-request", "The request can't be understood", detail);
  }

  static ApiProblem notFound(String what, String name) {
    return of(
        404, "not-found", "There is no such thing", "no " + what + " is called '" + name + "'");
  }

  static ApiProblem conflict(String detail) {
    return of(409, "conflict", "That contradicts what is there", detail);
  }

  static ApiProblem stale(String detail) {
    return of(412, "precondition-failed", "Someone else wrote first", detail);
  }

  static ApiProblem forbidden(String detail) {
    return of(403, "forbidden", "Not with this token", detail);
  }

  static ApiProblem unfit(List<Problem> problems) {
    return new ApiProblem(
        422,
        "invalid-document",
        "The document can't be used",
        problems.size() == 1
            ? problems.getFirst().toString()
            : problems.size() + " problems, the first: " + problems.getFirst(),
        problems);
  }

  int status() {
    return status;
  }

  ProblemDocument document(String instance) {
    return new ProblemDocument(
        "urn:sluice:problem:" + type,
        title,
        status,
        String.valueOf(getMessage()),
        instance,
        problems.stream()
            .map(p -> new ProblemDocument.Item(p.path(), p.line(), p.column(), p.message()))
            .toList());
  }
}
