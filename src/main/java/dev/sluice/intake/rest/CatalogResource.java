package dev.sluice.intake.rest;

import static dev.sluice.intake.access.Roles.VIEWER;

import dev.sluice.intake.catalog.Catalog;
import dev.sluice.intake.document.Document;
import dev.sluice.intake.document.Documents;
import dev.sluice.model.Pipeline;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Stage;
import dev.sluice.signal.metrics.MetricSignals;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What files declare: pipelines and gates; and the check of a document that is no file yet. */
@Path("/api/v1")
@Tag(name = "catalog", description = "Pipelines and gates, as their files declare them")
@Produces(MediaType.APPLICATION_JSON)
class CatalogResource {
  private final Catalog catalog;
  private final Shapes shapes;
  private final Body body;
  private final MetricSignals metrics;

  CatalogResource(Catalog catalog, Shapes shapes, Body body, MetricSignals metrics) {
    this.catalog = catalog;
    this.shapes = shapes;
    this.body = body;
    this.metrics = metrics;
  }

  @GET
  @Path("pipelines")
  @RolesAllowed(VIEWER)
  @Operation(summary = "The pipelines that are loaded")
  public Page.Pipelines pipelines() {
    return new Page.Pipelines(catalog.pipelines().stream().map(this::pipeline).toList());
  }

  private Page.LoadedPipeline pipeline(Document.OfPipeline document) {
    Pipeline value = document.value();
    return new Page.LoadedPipeline(
        value.name(),
        percent(value.falseRollback()),
        value.digest(),
        value.stages().stream().map(Stage::word).toList(),
        shapes.document(document.json()));
  }

  @GET
  @Path("pipelines")
  @RolesAllowed(VIEWER)
  @Produces(TextTable.TYPE)
  @Operation(hidden = true)
  public String pipelineTable() {
    TextTable table = new TextTable("NAME", "FALSE ROLLBACK", "STAGES", "DIGEST");
    for (Document.OfPipeline document : catalog.pipelines()) {
      Pipeline p = document.value();
      table.row(
          p.name(),
          percent(p.falseRollback()),
          String.join(",", p.stages().stream().map(Stage::word).toList()),
          p.digest());
    }
    return table.toString();
  }

  @GET
  @Path("gates")
  @RolesAllowed(VIEWER)
  @Operation(summary = "The quality gates that are loaded")
  public Page.Gates gates() {
    return new Page.Gates(catalog.gates().stream().map(this::gate).toList());
  }

  private Page.LoadedGate gate(Document.OfGate document) {
    QualityGate value = document.value();
    return new Page.LoadedGate(
        value.name(),
        value.kind(),
        mode(value),
        percent(value.weight()),
        shapes.document(document.json()));
  }

  @GET
  @Path("gates")
  @RolesAllowed(VIEWER)
  @Produces(TextTable.TYPE)
  @Operation(hidden = true)
  public String gateTable() {
    TextTable table = new TextTable("NAME", "KIND", "MODE", "WEIGHT");
    for (Document.OfGate document : catalog.gates()) {
      QualityGate g = document.value();
      table.row(g.name(), g.kind(), mode(g), percent(g.weight()));
    }
    return table.toString();
  }

  @POST
  @Path("lint")
  @RolesAllowed(VIEWER)
  @Consumes({MediaType.APPLICATION_JSON, "application/yaml"})
  @Operation(
      summary = "Check documents without loading them",
      description =
          "They may refer to each other and to what is loaded. What a submission would refuse is"
              + " refused here.")
  @RequestBody(content = @Content(schema = @Schema(implementation = Shapes.AnyDocument.class)))
  @APIResponse(
      responseCode = "200",
      description = "They are sound",
      content = @Content(schema = @Schema(implementation = Bodies.Linted.class)))
  @APIResponse(
      responseCode = "422",
      description = "Everything that is wrong, with line and column",
      content =
          @Content(
              mediaType = "application/problem+json",
              schema = @Schema(implementation = ProblemDocument.class)))
  public Bodies.Linted lint(InputStream in, @HeaderParam(HttpHeaders.CONTENT_TYPE) MediaType type) {
    return new Bodies.Linted(
        Documents.read(body.text(in), Body.syntax(type), catalog.vocabulary().over(metrics))
            .stream()
            .map(document -> new Bodies.LintedDocument(document.kind(), document.name()))
            .toList());
  }

  private static String mode(QualityGate gate) {
    return gate.mode().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String percent(double share) {
    return BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString() + "%";
  }
}
