package dev.sluice.intake.rest;

import static dev.sluice.intake.access.Roles.VIEWER;

import dev.sluice.gate.GateKinds;
import dev.sluice.intake.document.DocumentSchemas;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import java.util.SequencedMap;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The JSON Schemas of documents, with the gate kinds that this server has. */
@Path("/api/v1/schemas")
@Tag(name = "catalog")
@Produces("application/schema+json")
class SchemasResource {
  private final SequencedMap<String, String> schemas;

  SchemasResource(GateKinds kinds) {
    this.schemas = new DocumentSchemas(kinds).texts();
  }

  @GET
  @Path("{name}")
  @RolesAllowed(VIEWER)
  @Operation(
      summary = "The JSON Schema of a kind of document",
      description =
          "As pipeline.schema.json, quality-gate.schema.json, golden-set.schema.json,"
              + " model-service.schema.json, model-version.schema.json; document.schema.json is for"
              + " files with documents of several kinds.")
  @APIResponse(
      responseCode = "200",
      description = "JSON Schema, draft 2020-12",
      content = @Content(schema = @Schema(type = SchemaType.OBJECT)))
  @APIResponse(
      responseCode = "404",
      description = "There is no such schema",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = ProblemDocument.class)))
  public String schema(@PathParam("name") String name) {
    String schema = schemas.get(name);
    if (schema == null) {
      throw ApiProblem.notFound("schema", name);
    }
    return schema;
  }
}
