package dev.sluice.intake.rest;

import static dev.sluice.intake.access.Roles.RELEASER;
import static dev.sluice.intake.access.Roles.VIEWER;

import dev.sluice.intake.catalog.Artifacts;
import dev.sluice.intake.catalog.Catalog;
import dev.sluice.intake.document.Document;
import dev.sluice.intake.document.Documents;
import dev.sluice.intake.document.InvalidDocument;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Names;
import dev.sluice.model.Problem;
import dev.sluice.model.VersionName;
import dev.sluice.store.Put;
import dev.sluice.store.ReleaseStore;
import dev.sluice.store.Stored;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Model versions: registered once, never edited. */
@Path("/api/v1/versions/{name}")
@Tag(name = "versions", description = "Immutable artifact sets")
@Produces(MediaType.APPLICATION_JSON)
class VersionsResource {
  private final ReleaseStore store;
  private final Catalog catalog;
  private final Artifacts artifacts;
  private final Body body;
  private final SecurityIdentity caller;
  private final Clock clock;

  VersionsResource(
      ReleaseStore store,
      Catalog catalog,
      Artifacts artifacts,
      Body body,
      SecurityIdentity caller,
      Clock clock) {
    this.store = store;
    this.catalog = catalog;
    this.artifacts = artifacts;
    this.body = body;
    this.caller = caller;
    this.clock = clock;
  }

  @GET
  @RolesAllowed(VIEWER)
  @Operation(summary = "One version, as it was registered; the ETag is its digest")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = Shapes.AnyDocument.class)))
  public Response show(@PathParam("name") String name) {
    if (!Names.isLabel(name)) {
      throw ApiProblem.notFound("version", name);
    }
    return answer(
            200,
            store
                .version(new VersionName(name))
                .orElseThrow(() -> ApiProblem.notFound("version", name)))
        .build();
  }

  @PUT
  @RolesAllowed(RELEASER)
  @Consumes({MediaType.APPLICATION_JSON, "application/yaml"})
  @Operation(
      summary = "Register a version",
      description =
          "The same document again changes nothing; another one under the same name is refused."
              + " Artifacts that lie on this machine must match their digests.")
  @RequestBody(content = @Content(schema = @Schema(implementation = Shapes.AnyDocument.class)))
  @APIResponse(responseCode = "200", description = "It was there, just so")
  @APIResponse(
      responseCode = "201",
      description = "It is new",
      content = @Content(schema = @Schema(implementation = Shapes.AnyDocument.class)))
  @APIResponse(responseCode = "409", description = "The name is taken by another artifact set")
  @APIResponse(responseCode = "422", description = "The document is wrong; all problems at once")
  public Response put(
      @PathParam("name") String name,
      InputStream in,
      @HeaderParam(HttpHeaders.CONTENT_TYPE) MediaType type) {
    Document document =
        Documents.one(body.text(in), Body.syntax(type), "ModelVersion", name, catalog.vocabulary());
    if (!(document instanceof Document.OfVersion read)) {
      throw new IllegalStateException("no model version: " + document.kind());
    }
    ModelVersion version = read.value();
    List<Problem> problems = new ArrayList<>(artifacts.check(version));
    if (store.service(version.service()).isEmpty()) {
      problems.add(
          new Problem(
              "spec.service", 0, 0, "no model service is called '" + version.service() + "'"));
    }
    if (!problems.isEmpty()) {
      throw new InvalidDocument(false, problems);
    }
    Put<ModelVersion> put = store.putVersion(version, read.json(), actor(), clock.instant());
    return answer(put.created() ? 201 : 200, put.stored())
        .location(URI.create("/api/v1/versions/" + name))
        .build();
  }

  private static Response.ResponseBuilder answer(int status, Stored<ModelVersion> stored) {
    return Response.status(status)
        .entity(stored.document())
        .type(MediaType.APPLICATION_JSON)
        .header(HttpHeaders.ETAG, ETags.of(stored.value().digest()));
  }

  private String actor() {
    return Objects.requireNonNull(caller.getPrincipal()).getName();
  }
}
