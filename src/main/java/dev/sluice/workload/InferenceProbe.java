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
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Probes a server in depth in its own protocol: it says it's ready, and a real inference on the
 * right model comes back whole. Every request carries {@code x-sluice-probe: true}.
 *
 * <ul>
 *   <li>KServe V2: health, model health, an inference (zeros in the shape of the model's metadata)
 *       with {@code model_version} echoed, and what the server tells at {@code
 *       /v2/models/{service}/stats}, every field of which is optional.
 *   <li>OpenAI: the version's name among {@code /v1/models}, a chat completion of one token with
 *       that name echoed. The server must serve the model under the version's name, as with {@code
 *       --served-model-name {version} {service}}.
 *   <li>HTTP+JSON: {@code GET /health}.
 * </ul>
 *
 * <p>Where the version is known to answer golden requests rightly they take the place of the plain
 * inference, and must be answered rightly again (law 26). Of other versions one golden request a
 * probe is tried, to know for the next time; its answers say nothing of the server.
 */
public final class InferenceProbe implements Probe, AutoCloseable {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /**
   * A model that samples is right now and then: it is held to an answer that it gave every one of
   * so many times, and only a wrong one as many times running is held against it.
   */
  private static final int TRIES = 5;

  private static final String CHAT = "/v1/chat/completions";

  private final ProbeRequests requests;
  private final KnownAnswers known;
  private final Clock clock;
  private final ProbeHttp http;

  /**
   * @param requests golden requests there are
   * @param known those of them that versions have answered rightly
   * @param timeout for each request, its whole answer included
   */
  public InferenceProbe(ProbeRequests requests, KnownAnswers known, Duration timeout, Clock clock) {
    this.requests = requests;
    this.known = known;
    this.clock = clock;
    this.http = new ProbeHttp(timeout);
  }

  /** Asks a server for one inference. */
  @FunctionalInterface
  private interface Asking {
    /** The answer, if it is well-formed and of the right version; null if not, which is noted. */
    @Nullable JsonNode ask(String path, String body, Findings found);
  }

  @Override
  public ProbeResult probe(URI base, ModelService service, ModelVersion version) {
    Instant at = clock.instant();
    long begun = System.nanoTime();
    Findings found = new Findings();
    switch (service.protocol()) {
      case KSERVE_V2 -> kserve(base, service, version, found);
      case OPENAI -> openAi(base, service, version, found);
      case HTTP_JSON -> httpJson(base, service, version, found);
    }
    return new ProbeResult(
        found.proven,
        found.inferences,
        found.checks,
        at,
        Duration.ofNanos(System.nanoTime() - begun));
  }

  @Override
  public void close() {
    http.close();
  }

  private void kserve(URI base, ModelService service, ModelVersion version, Findings found) {
    String model = "/v2/models/" + service.name();
    if (!found.expect200("server ready", http.get(base.resolve("/v2/health/ready")))
        || !found.expect200("model ready", http.get(base.resolve(model + "/ready")))) {
      return; // a server that is still loading isn't asked for more
    }
    String infer = model + "/infer";
    Asking asking =
        (path, body, into) -> {
          JsonNode answer = answer(http.post(base.resolve(path), body), into);
          return answer != null && isRight(answer, service, version, into) ? answer : null;
        };
    BooleanSupplier plain =
        () -> {
          String zeros = zeros(http.get(base.resolve(model)), found);
          return zeros != null && asking.ask(infer, zeros, found) != null;
        };
    prove(version, golden(service, infer), asking, plain, found);
    ProbeHttp.Answer stats = http.get(base.resolve(model + "/stats"));
    if (stats.status() == 200) {
      try {
        found.checks.addAll(KServeV2.stats(parse(stats.body()), version));
      } catch (JsonProcessingException e) {
        found.failed("stats", firstLine(e));
      }
    }
  }

  private static @Nullable String zeros(ProbeHttp.Answer metadata, Findings found) {
    if (!found.expect200("metadata", metadata)) {
      return null;
    }
    try {
      return KServeV2.zeros(parse(metadata.body()));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      found.failed("metadata", firstLine(e));
      return null;
    }
  }

  private static boolean isRight(
      JsonNode answer, ModelService service, ModelVersion version, Findings found) {
    boolean right =
        found.expectEcho("version", answer.path("model_version"), version.name().value());
    if (answer.has("model_name")) {
      right &= found.expectEcho("model", answer.path("model_name"), service.name().value());
    }
    Optional<String> fault = KServeV2.fault(answer);
    found.vital("outputs", fault.isEmpty(), fault.orElse("well-formed"));
    return right && fault.isEmpty();
  }

  private void openAi(URI base, ModelService service, ModelVersion version, Findings found) {
    String name = version.name().value();
    ProbeHttp.Answer models = http.get(base.resolve("/v1/models"));
    if (!found.expect200("server ready", models)) {
      return;
    }
    try {
      boolean listed = parse(models.body()).path("data").findValuesAsText("id").contains(name);
      found.vital("model loaded", listed, listed ? name : "/v1/models doesn't list '" + name + "'");
      if (!listed) {
        return;
      }
    } catch (JsonProcessingException e) {
      found.failed("model loaded", firstLine(e));
      return;
    }
    Asking asking =
        (path, body, into) -> {
          JsonNode answer = answer(http.post(base.resolve(path), named(body, name)), into);
          if (answer == null || !into.expectEcho("version", answer.path("model"), name)) {
            return null;
          }
          boolean chose = answer.at("/choices/0/message").isObject();
          into.vital("outputs", chose, chose ? "well-formed" : "no choices[0].message");
          return chose ? answer : null;
        };
    String hello = "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}],\"max_tokens\":1}";
    prove(
        version,
        golden(service, CHAT),
        asking,
        () -> asking.ask(CHAT, hello, found) != null,
        found);
  }

  private static String named(String body, String model) {
    try {
      return parse(body) instanceof ObjectNode request
          ? request.put("model", model).toString()
          : body;
    } catch (JsonProcessingException e) {
      return body; // the server will say so
    }
  }

  private void httpJson(URI base, ModelService service, ModelVersion version, Findings found) {
    if (found.expect200("server ready", http.get(base.resolve("/health")))) {
      Asking asking = (path, body, into) -> answer(http.post(base.resolve(path), body), into);
      // its health is all that such a server can be asked without a golden request
      prove(version, requests.of(service), asking, () -> true, found);
    }
  }

  /** The golden requests that are inferences of the service's protocol. */
  private List<ProbeRequest> golden(ModelService service, String path) {
    return requests.of(service).stream().filter(r -> r.path().equals(path)).toList();
  }

  private void prove(
      ModelVersion version,
      List<ProbeRequest> golden,
      Asking asking,
      BooleanSupplier plain,
      Findings found) {
    List<ProbeRequest> before = known.of(version, golden);
    found.proven =
        before.isEmpty()
            ? plain.getAsBoolean()
            : before.stream().allMatch(request -> isRightAgain(request, asking, found));
    if (found.proven) {
      known
          .untried(version, golden)
          .filter(request -> isRightEveryTime(request, asking, found))
          .ifPresent(request -> known.learned(version, request, golden));
    }
  }

  private static boolean isRightEveryTime(ProbeRequest request, Asking asking, Findings found) {
    Findings trial = new Findings();
    boolean right = true;
    for (int i = 0; right && i < TRIES; i++) {
      JsonNode answer = asking.ask(request.path(), request.body(), trial);
      right = answer != null && text(answer, request).equals(request.answer());
    }
    found.inferences += trial.inferences; // what else it found says nothing of the server
    return right;
  }

  private static boolean isRightAgain(ProbeRequest request, Asking asking, Findings found) {
    String last = "";
    for (int i = 0; i < TRIES; i++) {
      Findings part = new Findings();
      JsonNode answer = asking.ask(request.path(), request.body(), part);
      found.add(part);
      if (answer == null) {
        return false;
      }
      last = text(answer, request);
      if (last.equals(request.answer())) {
        found.add(golden(true, "answered rightly again"));
        return true;
      }
    }
    found.add(
        golden(
            false,
            "'%s' to a request it once answered rightly with '%s'"
                .formatted(last, request.answer())));
    return false;
  }

  private static Findings golden(boolean ok, String detail) {
    Findings one = new Findings();
    one.vital("golden answer", ok, detail);
    return one;
  }

  private static String text(JsonNode answer, ProbeRequest request) {
    JsonNode found = answer.at(JsonPointer.compile(request.pointer()));
    return (found.isValueNode() ? found.asText() : found.toString()).strip();
  }

  /** The answer to an inference as JSON; null if there is none, which is then noted. */
  private static @Nullable JsonNode answer(ProbeHttp.Answer answer, Findings found) {
    if (answer.status() == 429) {
      // shedding is what a full server should do: neither a proof nor the end of its service
      found.checks.add(new Check("inference", false, false, "shed with HTTP 429"));
      return null;
    }
    if (!found.expect200("inference", answer)) {
      return null;
    }
    found.inferences++;
    try {
      return parse(answer.body());
    } catch (JsonProcessingException e) {
      found.failed("outputs", "not JSON: " + firstLine(e));
      return null;
    }
  }

  private static JsonNode parse(String text) throws JsonProcessingException {
    return JSON.readTree(text);
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
