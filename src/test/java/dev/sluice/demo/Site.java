package dev.sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.cli.Api;
import dev.sluice.cli.Home;
import dev.sluice.cli.Refused;
import dev.sluice.cli.Unreachable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The model service {@code digits} in the hands of {@code ./sluice serve}, with users, over
 * restarts of the controller. Everything is real: controller, database, model servers, traffic.
 */
final class Site implements AutoCloseable {
  private static final Duration UP = Duration.ofSeconds(90);
  private static final Duration SETTLED = Duration.ofMinutes(3);
  private static final double REQUESTS_A_SECOND = 120;

  /** All stages, each long enough to be met in, and short enough to be waited for. */
  private static final String PIPELINE =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Pipeline
      metadata: {name: restart}
      spec:
        falseRollback: 1%
        stages:
        - staging: {atLeast: 2s, deadline: 90s, gates: [readiness, capacity, gpu-memory]}
        - synthetic:
            golden: digits
            atLeast: 2s
            deadline: 90s
            gates: [golden-quality, contract, fallback-compatibility]
        - shadow:
            share: 100%
            atLeast: 3s
            deadline: 2m
            gates: [latency, errors, output-validity, quality, warm-capacity]
        - canary: {steps: [25%, 50%], atLeast: 2s, deadline: 2m, gates: [errors, output-validity]}
        - promotion: {soak: 3s, deadline: 2m, gates: [errors, output-validity]}
        onDeadline: rollback
      """;

  private final Path directory;
  private final Path home;
  private final Path pipelines;
  private final List<Images.Image> images;
  private final DemoFiles files;
  private int starts;
  private @Nullable Launched controller;
  private @Nullable Api api;
  private @Nullable Users users;
  private Tally tally = new Tally();

  /** A site that nothing runs on yet. */
  Site(Path directory) throws IOException, InterruptedException {
    Path root = Checkout.root();
    this.directory = directory.toRealPath();
    this.home = Files.createDirectories(this.directory.resolve("home"));
    this.pipelines = Files.createDirectories(this.directory.resolve("pipelines"));
    Files.copy(root.resolve("pipelines/demo.yaml"), pipelines.resolve("demo.yaml"));
    Files.writeString(pipelines.resolve("restart.yaml"), PIPELINE);
    this.images = Images.read(root.resolve("quality-gates/golden/digits/traffic.csv"));
    this.files =
        new DemoFiles(
            home.resolve("models"),
            Checkout.jdk().resolve("bin/java"),
            root.resolve("target/quarkus-app/quarkus-run.jar"));
  }

  /** Starts the controller, with its settings in the environment, until it answers. */
  void serve() throws Exception {
    starts++;
    Launched started =
        Launched.sluice(
            directory,
            Map.of(
                "SLUICE_HOME", home.toString(),
                "QUARKUS_HTTP_PORT", "0",
                "SLUICE_ROUTER_PORT", "0",
                "SLUICE_LOOP_LOOK_EVERY", "250ms",
                "SLUICE_WORKLOAD_STOP_ON_EXIT", "true",
                // the pipeline "restart" is known only if this setting of an operator stands
                "SLUICE_INTAKE_PIPELINES_DIRECTORY", pipelines.toString()),
            "serve");
    controller = started;
    api = started.await("the controller answers", UP, () -> answering(started.pid()));
  }

  private @Nullable Api answering(long pid) {
    Home left = new Home(home);
    JsonNode server = left.server();
    String token = left.adminToken();
    if (server == null || token == null || server.path("pid").asLong() != pid) {
      return null;
    }
    Api found = new Api(URI.create(server.path("url").asText()), token);
    try {
      JsonNode unused = found.get("/services");
      return found;
    } catch (Unreachable notYet) {
      return null;
    }
  }

  private Api api() {
    return Objects.requireNonNull(api, "serve() comes first");
  }

  private Launched controller() {
    return Objects.requireNonNull(controller, "serve() comes first");
  }

  /** Makes the service and its versions known. */
  void register() {
    Api.Reply unused = api().put("/services/digits", "application/yaml", files.service());
    for (String version : List.of("v1", "small", "v2")) {
      unused = api().put("/versions/" + version, "application/yaml", files.version(version));
    }
  }

  /** Waits until users can be served by every version that they need. */
  void awaitHealthy() throws Exception {
    JsonNode unused = controller().await("the service is healthy", UP, this::healthy);
  }

  private @Nullable JsonNode healthy() {
    try {
      JsonNode state = api().get("/services/digits/state");
      return state.path("state").asText().equals("healthy") ? state : null;
    } catch (Refused nothingIsKnownYet) {
      return null;
    }
  }

  /** Which share of the users each version was read back to have. */
  JsonNode shares() {
    return api().get("/services/digits/state").path("split").path("observed").path("shares");
  }

  /** Users begin to send; what would have been right is posted to that release. */
  void sendUsers(@Nullable String release) {
    String router = Objects.requireNonNull(new Home(home).server()).path("router").asText();
    Labels labels = new Labels(api());
    labels.to(release);
    users =
        Users.start(
            URI.create(router + "/digits/v2/models/digits/infer"),
            images,
            labels,
            REQUESTS_A_SECOND,
            starts);
    tally = new Tally();
    Tally unused = users.countIn(tally);
  }

  /** What the users that are sent now have met. */
  Tally met() {
    return tally;
  }

  /** Hands in version v2. */
  String submit() {
    ObjectNode body =
        Api.JSON
            .createObjectNode()
            .put("service", "digits")
            .put("version", "v2")
            .put("pipeline", "restart");
    return api().post("/releases", body, Map.of()).body().path("id").asText();
  }

  /** Asks for the way back. */
  void rollBack(String release) {
    Api.Reply unused =
        api()
            .post(
                "/releases/" + release + "/rollback",
                Api.JSON.createObjectNode().put("reason", "test"),
                Map.of());
  }

  JsonNode release(String id) {
    return api().get("/releases/" + id);
  }

  /** Waits for a view of the release that is such. */
  JsonNode await(String what, String id, Predicate<JsonNode> such) throws Exception {
    return controller()
        .await(
            what,
            SETTLED,
            () -> {
              JsonNode view = release(id);
              if (!such.test(view)) {
                assertThat(view.path("outcome").isTextual())
                    .as("the release goes on, awaiting that %s: %s", what, view)
                    .isFalse();
                return null;
              }
              return view;
            });
  }

  /** How many measurements each gate of each stage rests on, by {@code stage gate}. */
  Map<String, Long> samples(String release) {
    Map<String, Long> samples = new TreeMap<>();
    for (JsonNode report : api().get("/releases/" + release + "/evidence").path("gates")) {
      samples.put(
          report.path("stage").asText() + " " + report.path("gate").asText(),
          report.path("samples").asLong());
    }
    return samples;
  }

  /** Whether golden requests were answered rightly, so that they must be again after a start. */
  boolean knowsAnswers() throws IOException {
    Path known = home.resolve("known-answers.json");
    return Files.exists(known) && !Api.JSON.readTree(Files.readString(known)).isEmpty();
  }

  /** The processes that serve a version; a twin would be a second. */
  List<Long> servers(String version) {
    return Launched.naming(home).stream()
        .filter(line -> line.contains(" --version " + version + " "))
        .map(line -> Long.valueOf(line.substring(0, line.indexOf(' '))))
        .toList();
  }

  /** {@code kill -9} of whatever serves a version. */
  void killServers(String version) {
    servers(version).stream()
        .flatMap(pid -> ProcessHandle.of(pid).stream())
        .forEach(ProcessHandle::destroyForcibly);
  }

  /** {@code kill -9} of the controller, router included; its users leave. */
  void killController() throws IOException, InterruptedException {
    controller().kill();
    stopUsers();
  }

  private void stopUsers() {
    if (users != null) {
      users.close();
      users = null;
    }
  }

  /**
   * Ends the controller as an operator does, and with it all that it runs; returns what is left.
   */
  List<String> end() throws IOException, InterruptedException {
    stopUsers();
    controller().terminate();
    int unused = controller().ended(Duration.ofSeconds(60));
    return Launched.naming(home);
  }

  /** Whatever a failed test left running goes by force. */
  @Override
  public void close() {
    stopUsers();
    if (controller != null) {
      controller.close();
    }
    Launched.naming(home).stream()
        .map(line -> Long.valueOf(line.substring(0, line.indexOf(' '))))
        .flatMap(pid -> ProcessHandle.of(pid).stream())
        .forEach(ProcessHandle::destroyForcibly);
  }
}
