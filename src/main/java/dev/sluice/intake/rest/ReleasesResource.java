package dev.sluice.intake.rest;

import static dev.sluice.intake.access.Roles.OPERATOR;
import static dev.sluice.intake.access.Roles.RELEASER;
import static dev.sluice.intake.access.Roles.VIEWER;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.intake.IntakeConfig;
import dev.sluice.intake.document.Requests;
import dev.sluice.intake.document.Units;
import dev.sluice.model.Characters;
import dev.sluice.model.Intent;
import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Stage;
import dev.sluice.store.ReleaseStore;
import dev.sluice.store.ReleaseStore.ReleaseQuery;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Releases: hand in, look at, wait for, decide about. */
@Path("/api/v1/releases")
@Tag(name = "releases", description = "Attempts to make a candidate version the stable one")
@Produces(MediaType.APPLICATION_JSON)
class ReleasesResource {
  private final ReleaseStore store;
  private final ReleaseViews views;
  private final ReleaseIntake intake;
  private final Waiting waiting;
  private final Body body;
  private final SecurityIdentity caller;
  private final Clock clock;
  private final Duration longestWait;
  private final ObjectMapper json;

  ReleasesResource(
      ReleaseStore store,
      ReleaseViews views,
      ReleaseIntake intake,
      Waiting waiting,
      Body body,
      SecurityIdentity caller,
      Clock clock,
      IntakeConfig config,
      ObjectMapper json) {
    this.store = store;
    this.views = views;
    this.intake = intake;
    this.waiting = waiting;
    this.body = body;
    this.caller = caller;
    this.clock = clock;
    this.longestWait = config.longestWait();
    this.json = json;
  }

  @POST
  @RolesAllowed(RELEASER)
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Hand in a release",
      description =
          "Pins the pipeline, its gates and the stable version as they are now. The same"
              + " Idempotency-Key with the same body answers the release it made before.")
  @RequestBody(content = @Content(schema = @Schema(implementation = Bodies.ReleaseRequest.class)))
  @APIResponse(
      responseCode = "202",
      description = "Taken in; Location says where to look",
      content = @Content(schema = @Schema(implementation = ReleaseView.class)))
  @APIResponse(responseCode = "409", description = "The service has a release under way")
  @APIResponse(
      responseCode = "422",
      description = "Something is unknown, or the key came before with another body")
  public Response submit(
      InputStream in,
      @Parameter(description = "Makes the request the same when it is sent again, for 24 h")
          @HeaderParam("Idempotency-Key")
          @Nullable String key) {
    Requests.ReleaseWish wish = Requests.release(body.text(in));
    Release release = intake.submit(wish, key, actor(), clock.instant());
    return Response.accepted(views.of(release))
        .location(URI.create("/api/v1/releases/" + release.id()))
        .build();
  }

  @GET
  @RolesAllowed(VIEWER)
  @Operation(summary = "Releases, newest first")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = Page.OfReleases.class)))
  public Response list(
      @QueryParam("service") @Nullable String service,
      @QueryParam("phase") @Nullable String phase,
      @Parameter(description = "key:value, may be repeated") @QueryParam("label")
          List<String> labels,
      @Parameter(description = "The next of the page before") @QueryParam("cursor")
          @Nullable String cursor,
      @Parameter(description = "1 to 200") @QueryParam("limit") @DefaultValue("50") String limit,
      UriInfo uri) {
    ReleaseQuery query = query(service, phase, labels, cursor, limit);
    List<ReleaseView> items = store.releases(query).stream().map(views::of).toList();
    String next = items.size() < query.limit() ? null : items.getLast().id();
    Response.ResponseBuilder answer = Response.ok(new Page.OfReleases(items, next));
    if (next != null) {
      URI page = UriBuilder.fromUri(uri.getRequestUri()).replaceQueryParam("cursor", next).build();
      answer.header(
          HttpHeaders.LINK, "<" + page.getRawPath() + "?" + page.getRawQuery() + ">; rel=\"next\"");
    }
    return answer.build();
  }

  @GET
  @RolesAllowed(VIEWER)
  @Produces(TextTable.TYPE)
  @Operation(hidden = true)
  public String table(
      @QueryParam("service") @Nullable String service,
      @QueryParam("phase") @Nullable String phase,
      @QueryParam("label") List<String> labels,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("limit") @DefaultValue("50") String limit) {
    TextTable table =
        new TextTable("ID", "SERVICE", "CANDIDATE", "STABLE", "PHASE", "STAGE", "SUBMITTED");
    for (Release r : store.releases(query(service, phase, labels, cursor, limit))) {
      Stage stage = r.stage();
      table.row(
          r.id(),
          r.service(),
          r.candidate(),
          r.stable(),
          r.phase().word(),
          stage == null ? null : stage.word(),
          r.submittedAt());
    }
    return table.toString();
  }

  private static ReleaseQuery query(
      @Nullable String service,
      @Nullable String phase,
      List<String> labels,
      @Nullable String cursor,
      String limit) {
    if (!limit.matches("\\d{1,3}")
        || Integer.parseInt(limit) < 1
        || Integer.parseInt(limit) > 200) {
      throw ApiProblem.badRequest("limit must be 1 to 200, was '" + limit + "'");
    }
    if (phase != null && !Phase.WORDS.contains(phase)) {
      throw ApiProblem.badRequest(
          "phase must be one of " + String.join(", ", Phase.WORDS) + ", was '" + phase + "'");
    }
    Map<String, String> wanted = new HashMap<>();
    for (String label : labels) {
      String[] parts = label.split("[:=]", 2);
      if (parts.length < 2) {
        throw ApiProblem.badRequest("label must be key:value, was '" + label + "'");
      }
      Characters.unkept(label)
          .ifPresent(
              c -> {
                throw ApiProblem.badRequest("no label has " + c + ", was '" + label + "'");
              });
      wanted.put(parts[0], parts[1]);
    }
    try {
      return new ReleaseQuery(
          service == null ? null : new ServiceName(service),
          phase,
          wanted,
          cursor == null ? null : ReleaseId.parse(cursor),
          Integer.parseInt(limit));
    } catch (IllegalArgumentException e) {
      throw ApiProblem.badRequest(String.valueOf(e.getMessage()));
    }
  }

  @GET
  @Path("{id}")
  @RolesAllowed(VIEWER)
  @Operation(
      summary = "One release",
      description =
          "With wait, answers at once if the release is over, else when anything that it shows"
              + " changes, or when the time is up. If-None-Match with the ETag of the last answer"
              + " makes sure that no change is missed; 304 where there was none.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = ReleaseView.class)))
  public Uni<Response> show(
      @PathParam("id") String id,
      @Parameter(description = "How long to wait for a change, as 30s; at most 60s")
          @QueryParam("wait")
          @Nullable String wait,
      @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String ifNoneMatch) {
    Duration atMost = wait(wait);
    return Uni.createFrom()
        .item(() -> show(id, atMost, ifNoneMatch))
        .runSubscriptionOn(waiting.threads());
  }

  private Response show(String id, Duration atMost, @Nullable String ifNoneMatch) {
    Shown first = shown(NamedRelease.of(store, id));
    String known = ifNoneMatch == null ? first.tag() : ifNoneMatch;
    Shown last = first;
    if (!first.over() && ETags.matches(known, first.tag()) && atMost.isPositive()) {
      Shown changed =
          waiting.await(
              first.service(),
              () -> {
                Shown now = shown(NamedRelease.of(store, id));
                return ETags.matches(known, now.tag()) ? null : now;
              },
              atMost);
      last = changed == null ? first : changed;
    }
    return ETags.matches(ifNoneMatch, last.tag())
        ? Response.notModified(last.tag()).build()
        : Response.ok(last.text()).header(HttpHeaders.ETAG, last.tag()).build();
  }

  /** A release as it is shown, with what tells it from any other state of it. */
  private record Shown(ServiceName service, String text, String tag, boolean over) {}

  private Shown shown(Release release) {
    try {
      String text = json.writeValueAsString(views.of(release));
      String tag = "\"" + Integer.toHexString(text.hashCode()) + "-" + text.length() + "\"";
      return new Shown(release.service(), text, tag, release.phase().terminal());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a release can't be shown", e);
    }
  }

  private Duration wait(@Nullable String wait) {
    if (wait == null) {
      return Duration.ZERO;
    }
    try {
      Duration asked = Units.duration(wait);
      return asked.compareTo(longestWait) > 0 ? longestWait : asked;
    } catch (IllegalArgumentException e) {
      throw ApiProblem.badRequest("wait " + e.getMessage());
    }
  }

  @POST
  @Path("{id}/{verb: pause|resume|approve|promote|rollback}")
  @RolesAllowed(OPERATOR)
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Say what is to become of a release",
      description =
          "pause and resume hold and release its progress, never its safety; approve agrees to the"
              + " step that waits; promote skips the rest of a canary; rollback brings users back.")
  @RequestBody(content = @Content(schema = @Schema(implementation = Bodies.ReasonRequest.class)))
  @APIResponse(
      responseCode = "202",
      description = "Noted",
      content = @Content(schema = @Schema(implementation = ReleaseView.class)))
  @APIResponse(responseCode = "403", description = "Someone else than the submitter must say this")
  @APIResponse(responseCode = "409", description = "It makes no sense now; says what would")
  public Response intend(
      @PathParam("id") String id, @PathParam("verb") String verb, InputStream in) {
    Intent.Kind kind =
        Optional.ofNullable(Verbs.BY_WORD.get(verb))
            .orElseThrow(() -> ApiProblem.notFound("verb", verb));
    return noted(NamedRelease.of(store, id), kind, in);
  }

  @POST
  @Path("{id}/abort")
  @RolesAllowed(RELEASER)
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Give a release up",
      description = "A releaser may give up its own releases, an operator any.")
  @RequestBody(content = @Content(schema = @Schema(implementation = Bodies.ReasonRequest.class)))
  @APIResponse(
      responseCode = "202",
      description = "Noted",
      content = @Content(schema = @Schema(implementation = ReleaseView.class)))
  public Response abort(@PathParam("id") String id, InputStream in) {
    Release release = NamedRelease.of(store, id);
    if (!caller.hasRole(OPERATOR) && !release.submittedBy().equals(actor())) {
      throw ApiProblem.forbidden(
          "the release was handed in by "
              + release.submittedBy()
              + ": only an operator may abort it");
    }
    return noted(release, Intent.Kind.ABORT, in);
  }

  private Response noted(Release release, Intent.Kind kind, InputStream in) {
    String reason = Requests.reason(body.text(in));
    store.intend(release.id(), kind, actor(), reason, clock.instant());
    Release after = store.release(release.id()).orElse(release);
    return Response.accepted(views.of(after)).build();
  }

  private String actor() {
    return Objects.requireNonNull(caller.getPrincipal()).getName();
  }
}
