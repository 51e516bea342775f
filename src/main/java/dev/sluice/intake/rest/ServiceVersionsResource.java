package dev.sluice.intake.rest;

import static dev.sluice.intake.access.Roles.VIEWER;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Names;
import dev.sluice.model.ServiceName;
import dev.sluice.store.ReleaseStore;
import dev.sluice.store.Stored;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The versions of one model service. */
@Path("/api/v1/services/{service}/versions")
@Tag(name = "versions")
@Produces(MediaType.APPLICATION_JSON)
class ServiceVersionsResource {
  private final ReleaseStore store;
  private final Shapes shapes;

  ServiceVersionsResource(ReleaseStore store, Shapes shapes) {
    this.store = store;
    this.shapes = shapes;
  }

  @GET
  @RolesAllowed(VIEWER)
  @Operation(
      summary = "The versions of a model service, by name",
      description = "Each as its document, with its digest beside it.")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = Shapes.Documents.class)))
  public Page.All<JsonNode> list(@PathParam("service") String service) {
    List<JsonNode> items = new ArrayList<>();
    for (Stored<ModelVersion> stored : of(service)) {
      ObjectNode item = shapes.document(stored.document());
      item.put("digest", stored.value().digest());
      items.add(item);
    }
    return new Page.All<>(items);
  }

  @GET
  @RolesAllowed(VIEWER)
  @Produces(TextTable.TYPE)
  @Operation(hidden = true)
  public String table(@PathParam("service") String service) {
    TextTable table = new TextTable("NAME", "MODEL", "DIGEST");
    for (Stored<ModelVersion> stored : of(service)) {
      ModelVersion v = stored.value();
      table.row(v.name(), v.model().uri(), v.digest());
    }
    return table.toString();
  }

  private List<Stored<ModelVersion>> of(String service) {
    if (!Names.isLabel(service) || store.service(new ServiceName(service)).isEmpty()) {
      throw ApiProblem.notFound("model service", service);
    }
    return store.versions(new ServiceName(service));
  }
}
