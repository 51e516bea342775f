package dev.sluice.intake.rest;

import static dev.sluice.intake.access.Roles.VIEWER;

import dev.sluice.intake.catalog.Catalog;
import dev.sluice.intake.document.Units;
import dev.sluice.model.ModelService;
import dev.sluice.model.Names;
import dev.sluice.model.Pipeline;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Serving;
import dev.sluice.model.Unavailable;
import dev.sluice.plan.Assumptions;
import dev.sluice.plan.Plan;
import dev.sluice.plan.Planner;
import dev.sluice.store.ReleaseStore;
import dev.sluice.store.Stored;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What a release of a service will take, before there is one. */
@Path("/api/v1/services/{name}/plan")
@Tag(name = "services", description = "Served endpoints that callers use")
@Produces(MediaType.APPLICATION_JSON)
class PlanResource {
  private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?)%");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,7}(?:\\.\\d{1,6})?");

  private final ReleaseStore store;
  private final Catalog catalog;
  private final Planner planner;
  private final Clock clock;

  /** A plan takes a core for some seconds: the loop and its users have a right to the others. */
  private final Semaphore one = new Semaphore(1);

  PlanResource(ReleaseStore store, Catalog catalog, Planner planner, Clock clock) {
    this.store = store;
    this.catalog = catalog;
    this.planner = planner;
    this.clock = clock;
  }

  @GET
  @RolesAllowed(VIEWER)
  @Operation(
      summary = "How long a release will take, and what its gates will find",
      description =
          "Plays releases of this service on traffic like its recent own, with the gates' own tests:"
              + " requests and time until each gate passes when all is well, until it finds a"
              + " candidate that is 1.1, 1.3 or 2 times worse, users exposed until then, and gates"
              + " that can't decide before their deadline. Nothing is sent anywhere. What is given"
              + " takes the place of what was measured.")
  @APIResponse(responseCode = "422", description = "There is too little traffic to plan by")
  @APIResponse(responseCode = "503", description = "Another plan is being made")
  public Plan plan(
      @PathParam("name") String name,
      @Parameter(description = "Another than the service's own") @QueryParam("pipeline")
          @Nullable String pipeline,
      @Parameter(description = "Requests a second") @QueryParam("rate") @Nullable String rate,
      @Parameter(description = "Share that fails, as 0.5%") @QueryParam("errors")
          @Nullable String errors,
      @Parameter(description = "Share that times out, as 0.1%; errors, too") @QueryParam("timeouts")
          @Nullable String timeouts,
      @Parameter(description = "Share of invalid answers, as 0.1%") @QueryParam("invalid")
          @Nullable String invalid,
      @Parameter(description = "Share of wrong answers among labelled ones, as 8%")
          @QueryParam("wrong")
          @Nullable String wrong,
      @Parameter(description = "Time that half of the answers keep, as 40ms; with p99")
          @QueryParam("p50")
          @Nullable String p50,
      @Parameter(description = "Time that 99% of the answers keep, as 250ms; with p50")
          @QueryParam("p99")
          @Nullable String p99) {
    ModelService service = service(name);
    Assumptions given = assumptions(rate, errors, timeouts, invalid, wrong, p50, p99);
    String wanted = pipeline == null ? service.pipeline() : pipeline;
    Pipeline planned =
        catalog.pipeline(wanted).orElseThrow(() -> ApiProblem.notFound("pipeline", wanted));
    Serving serving = store.serving(service.name()).orElse(new Serving(null, null));
    if (!one.tryAcquire()) {
      throw new Unavailable("another plan is being made: one at a time");
    }
    try {
      return planner.plan(
          planned, catalog.gatesOf(planned), service, serving.stable(), given, clock.instant());
    } finally {
      one.release();
    }
  }

  private ModelService service(String name) {
    if (!Names.isLabel(name)) {
      throw ApiProblem.notFound("model service", name);
    }
    return store
        .service(new ServiceName(name))
        .map(Stored::value)
        .orElseThrow(() -> ApiProblem.notFound("model service", name));
  }

  private static Assumptions assumptions(
      @Nullable String rate,
      @Nullable String errors,
      @Nullable String timeouts,
      @Nullable String invalid,
      @Nullable String wrong,
      @Nullable String p50,
      @Nullable String p99) {
    List<String> problems = new ArrayList<>();
    Double perSecond = read(problems, "rate", rate, PlanResource::number);
    Double errorShare = read(problems, "errors", errors, PlanResource::share);
    Double timeoutShare = read(problems, "timeouts", timeouts, PlanResource::share);
    Double invalidShare = read(problems, "invalid", invalid, PlanResource::share);
    Double wrongShare = read(problems, "wrong", wrong, PlanResource::share);
    Duration middle = read(problems, "p50", p50, Units::duration);
    Duration tail = read(problems, "p99", p99, Units::duration);
    if (!problems.isEmpty()) {
      throw ApiProblem.badRequest(String.join("; ", problems));
    }
    try {
      return new Assumptions(
          perSecond, errorShare, timeoutShare, invalidShare, wrongShare, middle, tail);
    } catch (IllegalArgumentException e) {
      throw ApiProblem.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private static <T> @Nullable T read(
      List<String> problems, String name, @Nullable String text, Function<String, T> reader) {
    try {
      return text == null ? null : reader.apply(text);
    } catch (IllegalArgumentException e) {
      problems.add(name + " " + e.getMessage());
      return null;
    }
  }

  private static Double number(String text) {
    if (!NUMBER.matcher(text).matches()) {
      throw new IllegalArgumentException("must be a number like 200 or 0.5, was '" + text + "'");
    }
    return Double.valueOf(text);
  }

  private static Double share(String text) {
    Matcher m = PERCENT.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException("must be a share like 0.5%, was '" + text + "'");
    }
    return Double.parseDouble(m.group(1)) / 100;
  }
}
