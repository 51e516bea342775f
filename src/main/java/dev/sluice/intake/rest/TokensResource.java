package dev.sluice.intake.rest;

import static dev.sluice.intake.access.Roles.ADMIN;

import dev.sluice.intake.access.Roles;
import dev.sluice.intake.access.Secret;
import dev.sluice.intake.document.Requests;
import dev.sluice.model.Names;
import dev.sluice.store.Tokens;
import dev.sluice.store.Tokens.Role;
import dev.sluice.store.Tokens.Token;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
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

/** Bearer tokens: who may do what. */
@Path("/api/v1/tokens")
@Tag(name = "tokens", description = "Who may do what")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(ADMIN)
class TokensResource {
  private final Tokens tokens;
  private final Body body;
  private final SecurityIdentity caller;
  private final Clock clock;

  TokensResource(Tokens tokens, Body body, SecurityIdentity caller, Clock clock) {
    this.tokens = tokens;
    this.body = body;
    this.caller = caller;
    this.clock = clock;
  }

  @GET
  @Operation(summary = "The tokens there are, without their secrets")
  public Page.Tokens list() {
    return new Page.Tokens(tokens.all().stream().map(TokensResource::view).toList());
  }

  @GET
  @Produces(TextTable.TYPE)
  @Operation(hidden = true)
  public String table() {
    TextTable table = new TextTable("NAME", "ROLE", "CREATED");
    for (Token token : tokens.all()) {
      table.row(token.name(), Roles.word(token.role()), token.createdAt());
    }
    return table.toString();
  }

  private static Bodies.TokenView view(Token token) {
    return new Bodies.TokenView(token.name(), Roles.word(token.role()), token.createdAt());
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Make a token; its secret is shown this once")
  @RequestBody(content = @Content(schema = @Schema(implementation = Bodies.TokenRequest.class)))
  @APIResponse(
      responseCode = "201",
      content = @Content(schema = @Schema(implementation = Bodies.NewToken.class)))
  @APIResponse(responseCode = "409", description = "The name is taken")
  public Response create(InputStream in) {
    Map<String, Role> roles = Roles.byWord();
    Requests.TokenWish wish = Requests.token(body.text(in), roles);
    Role role = Objects.requireNonNull(roles.get(wish.role()));
    Secret secret = Secret.random();
    Token token = new Token(wish.name(), role, clock.instant());
    tokens.add(token, secret.sha256(), actor());
    return Response.status(201)
        .header("Cache-Control", "no-store")
        .entity(new Bodies.NewToken(token.name(), wish.role(), token.createdAt(), secret.reveal()))
        .build();
  }

  @DELETE
  @Path("{name}")
  @Operation(summary = "Take a token back for good")
  @APIResponse(responseCode = "204", description = "Taken back")
  @APIResponse(responseCode = "409", description = "It is the last admin's")
  public void revoke(@PathParam("name") String name) {
    if (!Names.isLabel(name)) {
      throw ApiProblem.notFound("token", name);
    }
    List<Token> admins = tokens.all().stream().filter(t -> t.role() == Role.ADMIN).toList();
    if (admins.size() == 1 && admins.getFirst().name().equals(name)) {
      throw ApiProblem.conflict(
          "'" + name + "' is the last admin token: make another before it is taken back");
    }
    if (!tokens.revoke(name, actor(), clock.instant())) {
      throw ApiProblem.notFound("token", name);
    }
  }

  private String actor() {
    return Objects.requireNonNull(caller.getPrincipal()).getName();
  }
}
