package dev.sluice.intake.access;

import dev.sluice.store.Tokens;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/** Knows who a token belongs to: its name is the actor of all that is done with it. */
@ApplicationScoped
class TokenIdentities implements IdentityProvider<TokenAuthenticationRequest> {
  private final Tokens tokens;

  TokenIdentities(Tokens tokens) {
    this.tokens = tokens;
  }

  @Override
  public Class<TokenAuthenticationRequest> getRequestType() {
    return TokenAuthenticationRequest.class;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      TokenAuthenticationRequest request, AuthenticationRequestContext context) {
    return context.runBlocking(() -> identity(Secret.of(request.getToken().getToken())));
  }

  private SecurityIdentity identity(Secret secret) {
    return tokens
        .find(secret.sha256())
        .<SecurityIdentity>map(
            token ->
                QuarkusSecurityIdentity.builder()
                    .setPrincipal(new QuarkusPrincipal(token.name()))
                    .addRoles(Roles.upTo(token.role()))
                    .build())
        .orElseThrow(() -> new AuthenticationFailedException("the token is unknown or revoked"));
  }
}
