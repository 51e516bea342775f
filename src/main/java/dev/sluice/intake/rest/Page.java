package dev.sluice.intake.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A list, perhaps one page of it. */
final class Page {
  private Page() {}

  /** All there is. */
  record All<T>(List<T> items) {}

  /**
   * @param next the cursor of the next page; null on the last
   */
  @Schema(name = "ReleasePage")
  record OfReleases(List<ReleaseView> items, @Nullable String next) {}

  @Schema(name = "Pipelines")
  record Pipelines(List<LoadedPipeline> items) {}

  /** A pipeline that a file declares. */
  @Schema(name = "LoadedPipeline")
  record LoadedPipeline(
      String name,
      @Schema(description = "As 1%") String falseRollback,
      String digest,
      List<String> stages,
      @Schema(implementation = Shapes.AnyDocument.class) JsonNode document) {}

  @Schema(name = "Gates")
  record Gates(List<LoadedGate> items) {}

  /** A quality gate that a file declares. */
  @Schema(name = "LoadedGate")
  record LoadedGate(
      String name,
      String kind,
      @Schema(description = "enforce or dry-run") String mode,
      @Schema(description = "Its part of falseRollback, as 30%") String weight,
      @Schema(implementation = Shapes.AnyDocument.class) JsonNode document) {}

  @Schema(name = "Tokens")
  record Tokens(List<Bodies.TokenView> items) {}
}
