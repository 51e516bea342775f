package dev.sluice.intake.rest;

import static dev.sluice.intake.access.Roles.RELEASER;

import dev.sluice.intake.document.Requests;
import dev.sluice.intake.document.Requests.MeasurementWish;
import dev.sluice.intake.rest.Bodies.MeasurementsReport;
import dev.sluice.model.Measurement;
import dev.sluice.model.Release;
import dev.sluice.store.ReleaseStore;
import dev.sluice.store.ReleaseStore.Recording;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What is learned of a release's requests after they were answered. */
@Path("/api/v1/releases/{id}/measurements")
@Tag(name = "releases")
@Produces(MediaType.APPLICATION_JSON)
class MeasurementsResource {
  /** So far may the clock of whoever posts be ahead of ours. */
  private static final Duration SKEW = Duration.ofSeconds(5);

  private final ReleaseStore store;
  private final Body body;
  private final Clock clock;

  MeasurementsResource(ReleaseStore store, Body body, Clock clock) {
    this.store = store;
    this.body = body;
    this.clock = clock;
  }

  @POST
  @RolesAllowed(RELEASER)
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Post what was learned later, by request id: true labels, a judge's scores",
      description =
          "The first label and the first score of a request stand. The answer says of each what"
              + " came of it; where the body itself is wrong, nothing of it is taken.")
  @RequestBody(
      content = @Content(schema = @Schema(implementation = Bodies.MeasurementsRequest.class)))
  @APIResponse(
      responseCode = "200",
      description = "What came of each",
      content = @Content(schema = @Schema(implementation = MeasurementsReport.class)))
  @APIResponse(responseCode = "409", description = "The release has ended: nobody reads them")
  @APIResponse(responseCode = "422", description = "The body is wrong; all problems at once")
  public MeasurementsReport post(@PathParam("id") String id, InputStream in) {
    Release release = NamedRelease.of(store, id);
    List<MeasurementWish> wishes = Requests.measurements(body.text(in));
    Instant now = clock.instant();
    List<Measurement> sound =
        wishes.stream()
            .filter(wish -> refusal(wish, release, now) == null)
            .map(wish -> measurement(wish, now))
            .toList();
    Iterator<Recording> recordings = store.record(release.id(), sound).iterator();
    List<MeasurementsReport.Result> results = new ArrayList<>();
    for (MeasurementWish wish : wishes) {
      String refusal = refusal(wish, release, now);
      results.add(
          refusal == null
              ? result(wish.request(), recordings.next())
              : new MeasurementsReport.Result(wish.request(), "refused", refusal));
    }
    return MeasurementsReport.of(results);
  }

  /** Why what it says can't be of this release; null where it can. */
  private static @Nullable String refusal(MeasurementWish wish, Release release, Instant now) {
    if (wish.score() != null && !Measurement.isScore(wish.score())) {
      return "score must be from 0 to 1, was " + wish.score();
    }
    Instant at = wish.at();
    if (at != null && at.isAfter(now.plus(SKEW))) {
      return "at " + at + " is in the future: it is " + now;
    }
    if (at != null && at.isBefore(release.submittedAt())) {
      return "at "
          + at
          + " is before the release was submitted, at "
          + release.submittedAt()
          + ": it belongs to another release";
    }
    return null;
  }

  private static Measurement measurement(MeasurementWish wish, Instant now) {
    return new Measurement(
        wish.request(), wish.label(), wish.score(), wish.at() == null ? now : wish.at());
  }

  private static MeasurementsReport.Result result(String request, Recording recording) {
    return switch (recording) {
      case NEW -> new MeasurementsReport.Result(request, "accepted", null);
      case REPEATED ->
          new MeasurementsReport.Result(request, "duplicate", "what was posted first stands");
    };
  }
}
