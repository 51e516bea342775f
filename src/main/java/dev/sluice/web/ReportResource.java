package dev.sluice.web;

import static dev.sluice.intake.access.Roles.VIEWER;

import dev.sluice.gate.GateKinds;
import dev.sluice.intake.rest.NamedRelease;
import dev.sluice.model.Release;
import dev.sluice.store.AuditTrail;
import dev.sluice.store.ReleaseStore;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The report of a release: one page that needs nothing but itself. */
@Path("/api/v1/releases/{id}/report")
@Tag(name = "releases")
class ReportResource {
  private static final int EVENTS = 1000;

  // nothing is fetched, nothing runs: what a page of evidence shows is in it
  private static final String ALONE = "default-src 'none'; style-src 'unsafe-inline'";

  private final ReleaseStore store;
  private final AuditTrail audit;
  private final GateKinds kinds;
  private final Clock clock;

  ReportResource(ReleaseStore store, AuditTrail audit, GateKinds kinds, Clock clock) {
    this.store = store;
    this.audit = audit;
    this.kinds = kinds;
    this.clock = clock;
  }

  @CheckedTemplate
  static class Templates {
    private Templates() {}

    static native TemplateInstance report(ReleaseReport report);
  }

  @GET
  @RolesAllowed(VIEWER)
  @Produces(MediaType.TEXT_HTML + ";charset=utf-8")
  @Operation(summary = "A page for people: what was released, what each gate asked and answered")
  @APIResponse(responseCode = "200", description = "One self-contained HTML page")
  public Response report(@PathParam("id") String id) {
    Release release = NamedRelease.of(store, id);
    ReleaseReport report =
        ReleaseReport.of(
            new ReleaseReport.Sources(
                release,
                store.evidence(release.id()),
                store.course(release.id()),
                store.events(release.id(), 0, EVENTS),
                audit.about("release " + release.id())),
            // a release outlives the gate kinds of its day
            gate -> kinds.words().contains(gate.kind()) ? kinds.of(gate).question() : "",
            clock.instant());
    return Response.ok(Templates.report(report).render())
        .header("Content-Security-Policy", ALONE)
        .build();
  }
}
