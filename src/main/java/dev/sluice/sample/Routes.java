package dev.sluice.sample;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/** The paths of KServe V2's REST form, and {@code /metrics}. Confined to one event loop. */
final class Routes {
  /** The largest body taken; over it the answer is 413. */
  static final int MAX_BODY_BYTES = 1 << 20;

  private final ServedModel model;
  private final Inference inference;
  private final Status status;
  private final SampleMetrics metrics;

  Routes(ServedModel model, Inference inference, Status status, SampleMetrics metrics) {
    this.model = model;
    this.inference = inference;
    this.status = status;
    this.metrics = metrics;
  }

  void handle(HttpServerRequest request) {
    List<String> path = List.of(request.path().substring(1).split("/", -1));
    if (path.size() >= 3 && path.get(0).equals("v2") && path.get(1).equals("models")) {
      model(request, path.subList(2, path.size()));
      return;
    }
    switch (request.path()) {
      case "/v2" -> get(request, () -> KServe.json(status.server()));
      case "/v2/health/live" -> get(request, () -> KServe.json(status.live()));
      case "/v2/health/ready" -> ready(request);
      case "/metrics" -> metrics(request);
      default -> notFound(request);
    }
  }

  private void model(HttpServerRequest request, List<String> path) {
    if (!path.getFirst().equals(model.name())) {
      error(
          request,
          404,
          "unknown model '%s', there is '%s'".formatted(path.getFirst(), model.name()));
      return;
    }
    List<String> rest = path.subList(1, path.size());
    if (rest.size() >= 2 && rest.getFirst().equals("versions")) {
      if (!rest.get(1).equals(model.version())) {
        error(
            request,
            404,
            "unknown version '%s' of model '%s', there is '%s'"
                .formatted(rest.get(1), model.name(), model.version()));
        return;
      }
      rest = rest.subList(2, rest.size());
    }
    request.response().putHeader("x-model-version", model.version());
    switch (String.join("/", rest)) {
      case "" -> get(request, () -> KServe.json(model.metadata()));
      case "ready" -> ready(request);
      case "stats" -> get(request, () -> KServe.json(status.stats()));
      case "infer" -> infer(request);
      default -> notFound(request);
    }
  }

  private interface Body {
    byte[] bytes();
  }

  private static void get(HttpServerRequest request, Body body) {
    if (allowed(request, HttpMethod.GET)) {
      Future<Void> unused = Replies.json(request.response(), 200, body.bytes());
    }
  }

  private void metrics(HttpServerRequest request) {
    if (allowed(request, HttpMethod.GET)) {
      Future<Void> unused =
          Replies.send(request.response(), 200, SampleMetrics.CONTENT_TYPE, metrics.text());
    }
  }

  private void ready(HttpServerRequest request) {
    if (allowed(request, HttpMethod.GET)) {
      int code = inference.isReady() ? 200 : 503;
      Future<Void> unused = Replies.json(request.response(), code, KServe.json(status.readiness()));
    }
  }

  private void infer(HttpServerRequest request) {
    if (!allowed(request, HttpMethod.POST)) {
      return;
    }
    Buffer body = Buffer.buffer();
    // the rest of a body that is too large is read and thrown away, so that the answer gets through
    request.handler(
        part -> {
          HttpServerResponse response = request.response();
          if (response.ended()) {
            return;
          }
          if (body.length() + part.length() > MAX_BODY_BYTES) {
            error(request, 413, "the body must be at most " + MAX_BODY_BYTES + " bytes");
          } else {
            body.appendBuffer(part);
          }
        });
    request.endHandler(
        end -> {
          if (!request.response().ended()) {
            inference.infer(request, body.getBytes());
          }
        });
  }

  private static boolean allowed(HttpServerRequest request, HttpMethod method) {
    if (request.method().equals(method)) {
      return true;
    }
    request.response().putHeader("allow", method.name());
    error(request, 405, "%s takes %s, was %s".formatted(request.path(), method, request.method()));
    return false;
  }

  private static void notFound(HttpServerRequest request) {
    error(request, 404, "there is nothing at '" + request.path() + "', see /v2");
  }

  private static void error(HttpServerRequest request, int code, String message) {
    Future<Void> unused = Replies.error(request.response(), code, message);
  }
}
