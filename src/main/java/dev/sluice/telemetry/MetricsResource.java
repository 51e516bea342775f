package dev.sluice.telemetry;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** Where Prometheus scrapes. Takes a viewer's token, like every other read. */
@Path("/metrics")
public class MetricsResource {
  private static final ExpositionFormats FORMATS = ExpositionFormats.init();

  private final PrometheusRegistry registry;

  MetricsResource(PrometheusRegistry registry) {
    this.registry = registry;
  }

  /** All metrics, in the format that the scraper accepts. */
  @GET
  @RolesAllowed("viewer")
  @Operation(hidden = true)
  public Response metrics(@HeaderParam(HttpHeaders.ACCEPT) @Nullable String accept)
      throws IOException {
    ExpositionFormatWriter writer = FORMATS.findWriter(accept);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writer.write(out, registry.scrape());
    return Response.ok(out.toByteArray()).header("Content-Type", writer.getContentType()).build();
  }
}
