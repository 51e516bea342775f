package dev.sluice.workload;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.workload.ProbeRequests.ProbeRequest;
import dev.sluice.workload.ProbeResult.Check;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Probes a server in depth in its own protocol: it says it's ready, and a real inference on the
 * right model comes back whole. Every request carries {@code x-sluice-probe: true}.
 *
 * <ul>
 *   <li>KServe V2: health, model health, a golden inference (zeros in the shape of the model's
 *       metadata where there is no golden request) with {@code model_version} echoed, and what the
 *       server tells at {@code /v2/models/{service}/stats}, every field of which is optional.
 *   <li>OpenAI: the version's name among {@code /v1/models}, a chat completion of one token with
 *       that name echoed. The server must serve the model under the version's name, as with {@code
 *       --served-model-name {version} {service}}.
 *   <li>HTTP+JSON: {@code GET /health}, and the golden request to the service's first shadow-safe
 *       POST path without wildcard, where it has both.
 * </ul>
 */
public final class InferenceProbe implements Probe, AutoCloseable {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final ProbeRequests requests;
  private final Clock clock;
  private final ProbeHttp http;

  /**
   * @param timeout for each request, its whole answer included
   */
  public InferenceProbe(ProbeRequests requests, Duration timeout, Clock clock) {
    this.requests = requests;
    this.clock = clock;
    this.http = new ProbeHttp(timeout);
  }

  @Override
  public ProbeResult probe(URI base, ModelService service, ModelVersion version) {
    Instant at = clock.instant();
    long begun = System.nanoTime();
    Findings found = new Findings();
    Optional<ProbeRequest> golden = requests.of(service);
    switch (service.protocol()) {
      case KSERVE_V2 -> kserve(base, service, version, golden, found);
      case OPENAI -> openAi(base, service, version, golden, found);
      case HTTP_JSON -> httpJson(base, service, golden, found);
    }
    return new ProbeResult(
        found.proven, found.checks, at, Duration.ofNanos(System.nanoTime() - begun));
  }

  @Override
  public void close() {
    http.close();
  }

  private void kserve(
      URI base,
      ModelService service,
      ModelVersion version,
      Optional<ProbeRequest> golden,
      Findings found) {
    String model = "/v2/models/" + service.name();
    if (!found.expect200("server ready", http.get(base.resolve("/v2/health/ready")))
        || !found.expect200("model ready", http.get(base.resolve(model + "/ready")))) {
      return; // a server that is still loading isn't asked for more
    }
    String body;
    if (golden.isPresent()) {
      body = golden.get().body();
    } else {
      ProbeHttp.Answer metadata = http.get(base.resolve(model));
      if (!found.expect200("metadata", metadata)) {
        return;
      }
      try {
        body = KServeV2.zeros(parse(metadata.body()));
      } catch (JsonProcessingException | IllegalArgumentException e) {
        found.failed("metadata", firstLine(e));
        return;
      }
    }
    JsonNode answer = infer(http.post(base.resolve(model + "/infer"), body), found);
    if (answer == null) {
      return;
    }
    boolean right =
        found.expectEcho("version", answer.path("model_version"), version.name().value());
    if (answer.has("model_name")) {
      right &= found.expectEcho("model", answer.path("model_name"), service.name().value());
    }
    Optional<String> fault = KServeV2.fault(answer);
    found.vital("outputs", fault.isEmpty(), fault.orElse("well-formed"));
    found.proven = right && fault.isEmpty() && answers(service, golden, answer, found);
    ProbeHttp.Answer stats = http.get(base.resolve(model + "/stats"));
    if (stats.status() == 200) {
      try {
        found.checks.addAll(KServeV2.stats(parse(stats.body()), version));
      } catch (JsonProcessingException e) {
        found.failed("stats", firstLine(e));
      }
    }
  }

  private void openAi(
      URI base,
      ModelService service,
      ModelVersion version,
      Optional<ProbeRequest> golden,
      Findings found) {
    String name = version.name().value();
    ProbeHttp.Answer models = http.get(base.resolve("/v1/models"));
    if (!found.expect200("server ready", models)) {
      return;
    }
    ObjectNode request;
    try {
      boolean listed = parse(models.body()).path("data").findValuesAsText("id").contains(name);
      found.vital("model loaded", listed, listed ? name : "/v1/models doesn't list '" + name + "'");
      if (!listed) {
        return;
      }
      request =
          golden.isPresent() && parse(golden.get().body()) instanceof ObjectNode given
              ? given
              : JSON.createObjectNode();
    } catch (JsonProcessingException e) {
      found.failed("model loaded", firstLine(e));
      return;
    }
    request.put("model", name);
    if (!request.has("messages")) {
      request.putArray("messages").addObject().put("role", "user").put("content", "Hello");
      request.put("max_tokens", 1);
    }
    JsonNode answer =
        infer(http.post(base.resolve("/v1/chat/completions"), request.toString()), found);
    if (answer == null) {
      return;
    }
    boolean right = found.expectEcho("version", answer.path("model"), name);
    boolean chose = answer.at("/choices/0/message").isObject();
    found.vital("outputs", chose, chose ? "well-formed" : "no choices[0].message");
    found.proven = right && chose && answers(service, golden, answer, found);
  }

  private void httpJson(
      URI base, ModelService service, Optional<ProbeRequest> golden, Findings found) {
    if (!found.expect200("server ready", http.get(base.resolve("/health")))) {
      return;
    }
    Optional<String> path =
        service.traffic().shadowSafe().stream()
            .filter(safe -> safe.startsWith("POST /") && !safe.contains("*"))
            .map(safe -> safe.substring("POST ".length()))
            .findFirst();
    if (golden.isEmpty() || path.isEmpty()) {
      found.proven = true; // its health is all that such a server can be asked without a golden one
      return;
    }
    JsonNode answer = infer(http.post(base.resolve(path.get()), golden.get().body()), found);
    found.proven = answer != null && answers(service, golden, answer, found);
  }

  /** The answer to an inference as JSON; null if there is none, which is then noted. */
  private static @Nullable JsonNode infer(ProbeHttp.Answer answer, Findings found) {
    if (answer.status() == 429) {
      // shedding is what a full server should do: neither a proof nor the end of its service
      found.checks.add(new Check("inference", false, false, "shed with HTTP 429"));
      return null;
    }
    if (!found.expect200("inference", answer)) {
      return null;
    }
    try {
      return parse(answer.body());
    } catch (JsonProcessingException e) {
      found.failed("outputs", "not JSON: " + firstLine(e));
      return null;
    }
  }

  private static boolean answers(
      ModelService service, Optional<ProbeRequest> golden, JsonNode answer, Findings found) {
    String pointer = service.traffic().answer();
    String expected = golden.map(ProbeRequest::answer).orElse(null);
    if (pointer == null || expected == null) {
      return true;
    }
    JsonNode actual = answer.at(JsonPointer.compile(pointer));
    try {
      boolean same = parse(expected).equals(actual);
      found.vital(
          "golden answer", same, same ? expected : "expected " + expected + ", was " + actual);
      return same;
    } catch (JsonProcessingException e) {
      found.failed("golden answer", "the expected answer is not JSON: " + firstLine(e));
      return false;
    }
  }

  private static JsonNode parse(String text) throws JsonProcessingException {
    return JSON.readTree(text);
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /** What a probe has seen so far. */
  private static final class Findings {
    final List<Check> checks = new ArrayList<>();
    boolean proven;

    void vital(String name, boolean ok, String detail) {
      checks.add(new Check(name, true, ok, detail));
    }

    void failed(String name, String detail) {
      vital(name, false, detail);
    }

    boolean expect200(String name, ProbeHttp.Answer answer) {
      vital(name, answer.status() == 200, answer.brief());
      return answer.status() == 200;
    }

    boolean expectEcho(String name, JsonNode echoed, String expected) {
      boolean same = echoed.isTextual() && echoed.textValue().equals(expected);
      vital(
          name,
          same,
          same
              ? expected
              : "expected '"
                  + expected
                  + "' echoed, was "
                  + (echoed.isMissingNode() ? "not there" : echoed));
      return same;
    }
  }
}
