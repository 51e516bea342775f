package dev.sluice.intake.rest;

import dev.sluice.model.ServiceName;
import dev.sluice.model.TrafficSplit;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What users of a model service are on right now. */
@Schema(name = "ServingState", description = "What users of a model service are on right now")
public record StateView(
    String service,
    @Schema(
            description =
                "healthy, degraded-primary, degraded-fallback, provider-circuit-open,"
                    + " model-warming, canary-paused, rollback-active or feature-disabled")
        String state,
    Instant since,
    String why,
    SplitsView split,
    List<VersionView> versions) {

  /**
   * @param observed null where it could not be read back
   */
  @Schema(name = "ServingSplit")
  public record SplitsView(
      SplitView desired, @Nullable SplitView observed, @Nullable Instant observedAt) {}

  /** One version that runs or should. */
  @Schema(name = "ServingVersion")
  public record VersionView(
      String version,
      @Schema(description = "stable, candidate, previous or fallback") String role,
      String share,
      int wanted,
      int ready,
      @Schema(description = "Whether it is kept warm as a way back") boolean pinned,
      @Schema(description = "When it last answered a real inference") @Nullable Instant provenAt) {}

  static StateView of(ServiceName service, ServingView.Seen seen) {
    TrafficSplit observed = seen.observed();
    return new StateView(
        service.value(),
        seen.state().word(),
        seen.since(),
        seen.why(),
        new SplitsView(
            SplitView.of(seen.desired()),
            observed == null ? null : SplitView.of(observed),
            seen.observedAt()),
        seen.versions().stream()
            .map(
                v ->
                    new VersionView(
                        v.version().value(),
                        v.role(),
                        v.share().toString(),
                        v.wanted(),
                        v.ready(),
                        v.pinned(),
                        v.provenAt()))
            .toList());
  }
}
