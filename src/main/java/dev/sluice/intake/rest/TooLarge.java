package dev.sluice.intake.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.intake.IntakeConfig;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Refuses bodies that say themselves that they are too large. The server underneath has a limit of
 * its own (10 MiB), which it enforces before any REST, without a problem document.
 */
@Singleton
class TooLarge {
  /** Before the server's own limit looks. */
  private static final int FIRST = 100;

  private final Body body;
  private final ObjectMapper json;
  private final int limit;

  TooLarge(Body body, ObjectMapper json, IntakeConfig config) {
    this.body = body;
    this.json = json;
    this.limit = config.bodyLimit();
  }

  void register(@Observes Filters filters) {
    filters.register(this::check, FIRST);
  }

  private void check(RoutingContext call) {
    String length = call.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length == null || (length.length() <= 18 && Long.parseLong(length) <= limit)) {
      call.next();
      return;
    }
    try {
      ProblemDocument problem = body.tooLarge().document(call.request().path());
      call.response()
          .setStatusCode(problem.status())
          .putHeader(HttpHeaders.CONTENT_TYPE, ProblemMapper.PROBLEM.toString())
          .end(json.writeValueAsString(problem));
      // the rest is read and dropped: a caller who still writes would lose the answer with the
      // connection
      call.request().resume();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a problem can't be shown", e);
    }
  }
}
