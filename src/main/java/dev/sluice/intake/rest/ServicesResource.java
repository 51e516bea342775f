package dev.sluice.intake.rest;

import static dev.sluice.intake.access.Roles.ADMIN;
import static dev.sluice.intake.access.Roles.OPERATOR;
import static dev.sluice.intake.access.Roles.VIEWER;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.intake.catalog.Catalog;
import dev.sluice.intake.document.Document;
import dev.sluice.intake.document.Documents;
import dev.sluice.intake.document.InvalidDocument;
import dev.sluice.intake.document.Requests;
import dev.sluice.model.Intent;
import dev.sluice.model.ModelService;
import dev.sluice.model.Names;
import dev.sluice.model.Phase;
import dev.sluice.model.Problem;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Serving;
import dev.sluice.model.Unavailable;
import dev.sluice.store.Precondition;
import dev.sluice.store.Put;
import dev.sluice.store.ReleaseStore;
import dev.sluice.store.ReleaseStore.ReleaseQuery;
import dev.sluice.store.Stored;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Model services. */
@Path("/api/v1/services")
@Tag(name = "services", description = "Served endpoints that callers use")
@Produces(MediaType.APPLICATION_JSON)
class ServicesResource {
  private final ReleaseStore store;
  private final Catalog catalog;
  private final ReleaseViews views;
  private final Instance<ServingView> serving;
  private final Shapes shapes;
  private final Body body;
  private final SecurityIdentity caller;
  private final Clock clock;

  ServicesResource(
      ReleaseStore store,
      Catalog catalog,
      ReleaseViews views,
      Instance<ServingView> serving,
      Shapes shapes,
      Body body,
      SecurityIdentity caller,
      Clock clock) {
    this.store = store;
    this.catalog = catalog;
    this.views = views;
    this.serving = serving;
    this.shapes = shapes;
    this.body = body;
    this.caller = caller;
    this.clock = clock;
  }

  @GET
  @RolesAllowed(VIEWER)
  @Operation(
      summary = "All model services, by name",
      description = "Each as its document, with the serving versions and the revision beside it.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = Shapes.Documents.class)))
  public Page.All<JsonNode> list() {
    return new Page.All<>(store.services().stream().map(this::item).toList());
  }

  private JsonNode item(Stored<ModelService> stored) {
    ObjectNode item = shapes.document(stored.document());
    Serving now = store.serving(stored.value().name()).orElse(new Serving(null, null));
    ObjectNode status = item.putObject("status");
    status.put("revision", stored.revision());
    status.put("stable", now.stable() == null ? null : now.stable().value());
    Serving.Previous previous = now.previous();
    status.put("previous", previous == null ? null : previous.version().value());
    status.put("previousUntil", previous == null ? null : previous.until().toString());
    return item;
  }

  @GET
  @RolesAllowed(VIEWER)
  @Produces(TextTable.TYPE)
  @Operation(hidden = true)
  public String table() {
    TextTable table = new TextTable("NAME", "PROTOCOL", "STABLE", "PREVIOUS", "PIPELINE");
    for (Stored<ModelService> stored : store.services()) {
      ModelService s = stored.value();
      Serving now = store.serving(s.name()).orElse(new Serving(null, null));
      Serving.Previous previous = now.previous();
      table.row(
          s.name(),
          s.protocol().word(),
          now.stable(),
          previous == null ? null : previous.version(),
          s.pipeline());
    }
    return table.toString();
  }

  @GET
  @Path("{name}")
  @RolesAllowed(VIEWER)
  @Operation(summary = "One model service, as it was declared; the ETag is its revision")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = Shapes.AnyDocument.class)))
  public Response show(@PathParam("name") String name) {
    return answer(200, stored(name)).build();
  }

  @PUT
  @Path("{name}")
  @RolesAllowed(ADMIN)
  @Consumes({MediaType.APPLICATION_JSON, "application/yaml"})
  @Operation(
      summary = "Declare a model service",
      description =
          "If-Match with an ETag replaces that revision only, with * only what is there;"
              + " If-None-Match: * only creates (412 where that can't be).")
  @RequestBody(content = @Content(schema = @Schema(implementation = Shapes.AnyDocument.class)))
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = Shapes.AnyDocument.class)))
  @APIResponse(responseCode = "201", description = "It is new")
  @APIResponse(responseCode = "412", description = "Another revision is there")
  @APIResponse(responseCode = "422", description = "The document is wrong; all problems at once")
  public Response put(
      @PathParam("name") String name,
      InputStream in,
      @HeaderParam(HttpHeaders.CONTENT_TYPE) MediaType type,
      @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
      @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String ifNoneMatch) {
    Document document =
        Documents.one(body.text(in), Body.syntax(type), "ModelService", name, catalog.vocabulary());
    if (!(document instanceof Document.OfService read)) {
      throw new IllegalStateException("no model service: " + document.kind());
    }
    ModelService service = read.value();
    if (catalog.pipeline(service.pipeline()).isEmpty()) {
      throw new InvalidDocument(
          false,
          List.of(
              new Problem(
                  "spec.pipeline",
                  0,
                  0,
                  "no pipeline is called '"
                      + service.pipeline()
                      + "'; there are: "
                      + String.join(
                          ", ", catalog.pipelines().stream().map(p -> p.name()).toList()))));
    }
    Precondition precondition = ETags.write(ifMatch, ifNoneMatch);
    Put<ModelService> put =
        store.putService(service, read.json(), precondition, actor(), clock.instant());
    return answer(put.created() ? 201 : 200, put.stored())
        .location(URI.create("/api/v1/services/" + name))
        .build();
  }

  @DELETE
  @Path("{name}")
  @RolesAllowed(ADMIN)
  @Operation(
      summary = "Forget a model service",
      description = "What is served stays as it is; its releases stay readable.")
  @APIResponse(responseCode = "204", description = "Forgotten")
  @APIResponse(responseCode = "409", description = "A release is under way")
  @APIResponse(responseCode = "412", description = "Another revision is there")
  public void delete(
      @PathParam("name") String name, @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
    ServiceName service = stored(name).value().name();
    Precondition precondition = ETags.write(ifMatch, null);
    if (!store.deleteService(service, precondition, actor(), clock.instant())) {
      throw ApiProblem.notFound("model service", name);
    }
  }

  @GET
  @Path("{name}/state")
  @RolesAllowed(VIEWER)
  @Operation(summary = "What users are on right now")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = StateView.class)))
  public StateView state(@PathParam("name") String name) {
    ServiceName service = stored(name).value().name();
    if (serving.isUnsatisfied()) {
      throw new Unavailable("this process does not watch what is served");
    }
    return StateView.of(service, serving.get().state(service, clock.instant()));
  }

  @GET
  @Path("{name}/state")
  @RolesAllowed(VIEWER)
  @Produces(TextTable.TYPE)
  @Operation(hidden = true)
  public String stateTable(@PathParam("name") String name) {
    StateView state = state(name);
    TextTable table =
        new TextTable("STATE", "VERSION", "ROLE", "SHARE", "READY", "WANTED", "PINNED", "PROVEN");
    for (StateView.VersionView v : state.versions()) {
      table.row(
          state.state(),
          v.version(),
          v.role(),
          v.share(),
          v.ready(),
          v.wanted(),
          v.pinned(),
          v.provenAt());
    }
    return table.toString();
  }

  @POST
  @Path("{name}/rollback")
  @RolesAllowed(OPERATOR)
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Bring users back, in one call",
      description =
          "Rolls the release under way back; where none is, the last promotion, while the version"
              + " before is pinned warm.")
  @RequestBody(content = @Content(schema = @Schema(implementation = Bodies.ReasonRequest.class)))
  @APIResponse(
      responseCode = "202",
      description = "Noted",
      content = @Content(schema = @Schema(implementation = ReleaseView.class)))
  @APIResponse(responseCode = "409", description = "There is nothing to go back to")
  public Response rollback(@PathParam("name") String name, InputStream in) {
    ServiceName service = stored(name).value().name();
    String reason = Requests.reason(body.text(in));
    ReleaseId id = toRollBack(service).id();
    store.intend(id, Intent.Kind.ROLLBACK, actor(), reason, clock.instant());
    return Response.accepted(views.of(store.release(id).orElseThrow())).build();
  }

  /** The release under way; where none is, the last promotion, while its way back is kept. */
  private Release toRollBack(ServiceName service) {
    Release current =
        store
            .currentRelease(service)
            .orElseThrow(
                () -> ApiProblem.conflict("model service " + service + " has had no release yet"));
    if (!current.phase().terminal() && !(current.phase() instanceof Phase.Submitted)) {
      return current; // one that only waits has moved nobody
    }
    Serving serves = store.serving(service).orElse(new Serving(null, null));
    // an earlier success can't be the one: the promotion after it pinned another version
    return store.releases(new ReleaseQuery(service, "succeeded", Map.of(), null, 1)).stream()
        .filter(serves::keepsWayBackOf)
        .findFirst()
        .orElseThrow(
            () ->
                ApiProblem.conflict(
                    "model service "
                        + service
                        + " has nothing to go back to: no release is under way, and no version"
                        + " before "
                        + serves.stable()
                        + " is pinned"));
  }

  private Response.ResponseBuilder answer(int status, Stored<ModelService> stored) {
    return Response.status(status)
        .entity(stored.document())
        .type(MediaType.APPLICATION_JSON)
        .header(HttpHeaders.ETAG, ETags.of(stored.revision()));
  }

  private Stored<ModelService> stored(String name) {
    if (!Names.isLabel(name)) {
      throw ApiProblem.notFound("model service", name);
    }
    return store
        .service(new ServiceName(name))
        .orElseThrow(() -> ApiProblem.notFound("model service", name));
  }

  private String actor() {
    return Objects.requireNonNull(caller.getPrincipal()).getName();
  }
}
