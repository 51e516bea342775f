package dev.sluice.intake.rest;

import dev.sluice.intake.document.InvalidDocument;
import dev.sluice.model.Rejected;
import dev.sluice.model.Unavailable;
import dev.sluice.store.Conflict;
import dev.sluice.store.FourEyes;
import dev.sluice.store.Stale;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns whatever a call ends in into a problem document. */
class ProblemMapper {
  static final MediaType PROBLEM = MediaType.valueOf("application/problem+json");

  private static final Logger LOG = Logger.getLogger(ProblemMapper.class);

  @ServerExceptionMapper
  public Response api(ApiProblem problem, UriInfo uri) {
    return answer(problem, uri).build();
  }

  @ServerExceptionMapper
  public Response invalid(InvalidDocument invalid, UriInfo uri) {
    if (!invalid.malformed()) {
      return answer(ApiProblem.unfit(invalid.problems()), uri).build();
    }
    ProblemDocument unfit = ApiProblem.unfit(invalid.problems()).document(uri.getPath());
    return Response.status(400)
        .type(PROBLEM)
        .entity(
            new ProblemDocument(
                "urn:sluice:problem:malformed",
                "The body can't be read",
                400,
                unfit.detail(),
                unfit.instance(),
                unfit.problems()))
        .build();
  }

  @ServerExceptionMapper
  public Response conflict(Conflict conflict, UriInfo uri) {
    return answer(ApiProblem.conflict(String.valueOf(conflict.getMessage())), uri).build();
  }

  @ServerExceptionMapper
  public Response fourEyes(FourEyes reserved, UriInfo uri) {
    return answer(ApiProblem.forbidden(String.valueOf(reserved.getMessage())), uri).build();
  }

  @ServerExceptionMapper
  public Response stale(Stale stale, UriInfo uri) {
    return answer(ApiProblem.stale(String.valueOf(stale.getMessage())), uri).build();
  }

  @ServerExceptionMapper
  public Response rejected(Rejected rejected, UriInfo uri) {
    return answer(
            ApiProblem.of(
                422,
                "rejected",
                "That can't be done as asked",
                String.valueOf(rejected.getMessage())),
            uri)
        .build();
  }

  @ServerExceptionMapper
  public Response unavailable(Unavailable unavailable, UriInfo uri) {
    return answer(
            ApiProblem.of(503, "unavailable", "Not now", String.valueOf(unavailable.getMessage())),
            uri)
        .header(HttpHeaders.RETRY_AFTER, "1")
        .build();
  }

  @ServerExceptionMapper
  public Response anonymous(UnauthorizedException e, UriInfo uri) {
    return unauthorized("a bearer token is needed: Authorization: Bearer slc_…", uri);
  }

  @ServerExceptionMapper
  public Response unknownToken(AuthenticationFailedException e, UriInfo uri) {
    return unauthorized("the token is unknown or was revoked", uri);
  }

  private static Response unauthorized(String detail, UriInfo uri) {
    return answer(ApiProblem.of(401, "unauthorized", "Who are you?", detail), uri)
        .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"sluice\"")
        .build();
  }

  @ServerExceptionMapper
  public Response forbidden(ForbiddenException e, UriInfo uri) {
    return answer(ApiProblem.forbidden("the token's role does not allow this"), uri).build();
  }

  /** What the framework finds wrong by itself: no such path, method or media type. */
  @ServerExceptionMapper
  public Response framework(WebApplicationException e, UriInfo uri) {
    Response given = e.getResponse();
    int status = given.getStatus();
    if (status >= 500) {
      return unforeseen(e, uri);
    }
    ApiProblem problem =
        switch (status) {
          case 404 ->
              ApiProblem.of(
                  404, "not-found", "There is no such thing", "no such path: " + uri.getPath());
          case 405 ->
              ApiProblem.of(
                  405, "method-not-allowed", "Not with this method", "allowed are the others");
          case 406 ->
              ApiProblem.of(
                  406,
                  "not-acceptable",
                  "Not in that form",
                  "answers come as application/json, lists also as text/plain");
          case 415 ->
              ApiProblem.of(
                  415,
                  "unsupported-media-type",
                  "Not in that form",
                  "bodies are application/json, documents also application/yaml");
          default -> ApiProblem.of(status, "bad-request", "That does not work", "HTTP " + status);
        };
    Response.ResponseBuilder answer = answer(problem, uri);
    given.getHeaders().forEach((name, values) -> values.forEach(v -> answer.header(name, v)));
    return answer.type(PROBLEM).build();
  }

  /** The caller learns a number to ask about, the log the rest. */
  @ServerExceptionMapper
  public Response unforeseen(Throwable e, UriInfo uri) {
    UUID number = UUID.randomUUID();
    LOG.errorf(e, "unforeseen error %s at %s", number, uri.getPath());
    return answer(
            ApiProblem.of(
                500,
                "internal",
                "Something is broken in Sluice",
                "see error " + number + " in its log"),
            uri)
        .build();
  }

  private static Response.ResponseBuilder answer(ApiProblem problem, UriInfo uri) {
    return Response.status(problem.status()).type(PROBLEM).entity(problem.document(uri.getPath()));
  }
}
