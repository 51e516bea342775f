package dev.sluice.intake.rest;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How every error is answered, {@code application/problem+json} (RFC 9457). */
@Schema(name = "Problem", description = "How every error is answered (RFC 9457)")
public record ProblemDocument(
    @Schema(description = "What kind of problem, as urn:sluice:problem:<word>") String type,
    @Schema(description = "The same for every problem of the kind") String title,
    @Schema(description = "The HTTP status") int status,
    @Schema(description = "What is wrong with this request, and what would be right") String detail,
    @Schema(description = "The path that was asked") String instance,
    @Schema(description = "Everything that is wrong with the document, if it is about one")
        List<Item> problems) {
  public ProblemDocument {
    problems = List.copyOf(problems);
  }

  /** One thing that is wrong; line and column count from 1 and are 0 where there is no place. */
  @Schema(name = "ProblemItem")
  public record Item(String path, int line, int column, String message) {}
}
