package dev.sluice.intake.rest;

import static dev.sluice.intake.access.Roles.VIEWER;

import dev.sluice.model.GateReport;
import dev.sluice.model.ReleaseId;
import dev.sluice.store.AuditTrail;
import dev.sluice.store.ReleaseStore;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What a release was judged by, for someone who wasn't there. */
@Path("/api/v1/releases/{id}/evidence")
@Tag(name = "releases")
class EvidenceResource {
  private final ReleaseStore store;
  private final AuditTrail audit;

  EvidenceResource(ReleaseStore store, AuditTrail audit) {
    this.store = store;
    this.audit = audit;
  }

  @GET
  @RolesAllowed(VIEWER)
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(summary = "What every gate said, the course its evidence took, and the audit chain")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = EvidenceView.class)))
  public EvidenceView evidence(@PathParam("id") String id) {
    ReleaseId release = NamedRelease.of(store, id).id();
    return EvidenceView.of(
        store.evidence(release), store.course(release), audit.about("release " + release));
  }

  @GET
  @RolesAllowed(VIEWER)
  @Produces(TextTable.TYPE)
  @Operation(hidden = true)
  public String table(@PathParam("id") String id) {
    TextTable table = new TextTable("STAGE", "GATE", "VERDICT", "SAMPLES", "AT", "WHY");
    for (GateReport r : store.evidence(NamedRelease.of(store, id).id())) {
      table.row(r.stage(), r.gate(), r.verdict().word(), r.samples(), r.at(), r.verdict().why());
    }
    return table.toString();
  }
}
