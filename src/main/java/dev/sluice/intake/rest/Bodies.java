package dev.sluice.intake.rest;

import dev.sluice.model.Event;
import dev.sluice.store.ReleaseStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The small bodies of REST calls and answers, as OpenAPI describes them. */
final class Bodies {
  private Bodies() {}

  @Schema(name = "ReleaseRequest")
  record ReleaseRequest(
      @Schema(required = true, description = "A model service") String service,
      @Schema(required = true, description = "The candidate, a version of that service")
          String version,
      @Schema(description = "Instead of the service's own pipeline") @Nullable String pipeline,
      @Nullable String reason,
      @Nullable Map<String, String> labels,
      @Schema(description = "Whether a release under way is to make room")
          @Nullable Boolean supersede) {}

  @Schema(name = "ReasonRequest")
  record ReasonRequest(@Schema(description = "In the actor's words") @Nullable String reason) {}

  @Schema(name = "MeasurementsRequest")
  record MeasurementsRequest(@Schema(required = true) List<MeasurementRequest> measurements) {}

  @Schema(name = "Measurement")
  record MeasurementRequest(
      @Schema(required = true, description = "The request's id, as the router echoed it")
          String request,
      @Schema(description = "The right answer, as text") @Nullable String label,
      @Schema(description = "How good the answer was, from 0 to 1, as a judge says")
          @Nullable Double score,
      @Schema(description = "When that was learned; now where it is missing")
          @Nullable Instant at) {}

  /** What came of posted measurements, counted, and one by one in their order. */
  @Schema(name = "MeasurementsReport")
  record MeasurementsReport(int accepted, int duplicates, int refused, List<Result> results) {
    static MeasurementsReport of(List<Result> results) {
      return new MeasurementsReport(
          count(results, "accepted"),
          count(results, "duplicate"),
          count(results, "refused"),
          results);
    }

    private static int count(List<Result> results, String word) {
      return (int) results.stream().filter(r -> r.result().equals(word)).count();
    }

    @Schema(name = "MeasurementResult")
    record Result(
        String request,
        @Schema(description = "accepted, duplicate or refused") String result,
        @Schema(description = "Why it was refused, or what stands instead")
            @Nullable String reason) {}
  }

  @Schema(name = "TokenRequest")
  record TokenRequest(
      @Schema(required = true, description = "Who or what will use it") String name,
      @Schema(required = true, description = "viewer, releaser, operator or admin") String role) {}

  /** Without the secret. */
  @Schema(name = "Token")
  record TokenView(String name, String role, Instant createdAt) {}

  /** With it: shown this once. */
  @Schema(name = "NewToken")
  record NewToken(
      String name,
      String role,
      Instant createdAt,
      @Schema(description = "The secret; shown this once") String token) {}

  @Schema(name = "Event")
  record EventView(
      @Schema(description = "Rises over the whole controller") long sequence,
      Instant at,
      @Schema(description = "transition, intent, verdict or note") String kind,
      String actor,
      @Nullable String from,
      @Nullable String to,
      @Nullable String stage,
      String text) {
    static EventView of(ReleaseStore.Recorded recorded) {
      Event e = recorded.event();
      return new EventView(
          recorded.sequence(), e.at(), e.kind(), e.actor(), e.from(), e.to(), e.stage(), e.text());
    }
  }

  /** What was checked and found sound. */
  @Schema(name = "Linted")
  record Linted(List<LintedDocument> documents) {}

  @Schema(name = "LintedDocument")
  record LintedDocument(String kind, String name) {}
}
