package dev.sluice.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.cli.Api;
import dev.sluice.cli.Home;
import dev.sluice.cli.Refused;
import dev.sluice.cli.Unreachable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A controller in a process of its own, as {@code sluice serve} runs it. */
final class Controller {
  private static final Duration UP_WITHIN = Duration.ofSeconds(90);
  private static final long LOOK_EVERY_MILLIS = 100;
  private static final int LOG_TAIL = 40;

  /** The demo's settings: free ports, a quick look, and nothing left behind. */
  private static final List<String> SETTINGS =
      List.of(
          "-Dquarkus.http.host=127.0.0.1",
          "-Dquarkus.http.port=0",
          "-Dsluice.router.port=0",
          "-Dsluice.loop.look-every=250ms",
          "-Dsluice.workload.stop-on-exit=true",
          // it lives for minutes: optimising for hours would take half a core from the model
          // servers
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC");

  private final Process process;
  private final Path home;
  private final Path log;

  private Controller(Process process, Path home, Path log) {
    this.process = process;
    this.home = home;
    this.log = log;
  }

  /**
   * Where it answers.
   *
   * @param router where users' requests go
   */
  record Up(Api api, URI url, URI router) {}

  /**
   * Starts it.
   *
   * @param java the program that runs it
   * @param root the checkout, with its pipelines and gates
   * @param home its {@code SLUICE_HOME}
   */
  static Controller start(Path java, Path jar, Path root, Path home) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.add("-Xmx512m");
    command.add("--enable-native-access=ALL-UNNAMED");
    if (Runtime.version().feature() >= 23) {
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.add("-Dsluice.root=" + root);
    command.addAll(SETTINGS);
    command.addAll(List.of("-jar", jar.toString(), "serve"));
    Path log = home.resolve("controller.log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(root.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    Map<String, String> environment = builder.environment();
    // the demo is a world of its own, whatever the caller's shell points at
    List.of("SLUICE_DB_URL", "SLUICE_SERVER", "SLUICE_TOKEN").forEach(environment::remove);
    environment.put("SLUICE_HOME", home.toString());
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      return new Controller(process, home, log);
    } catch (IOException e) {
      throw new UncheckedIOException("the controller can't be started", e);
    }
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Its output. */
  Path log() {
    return log;
  }

  /**
   * Waits until it answers an authenticated request.
   *
   * @throws IllegalStateException with the end of its log if it ends, or takes too long
   */
  Up awaitUp() throws InterruptedException {
    long until = System.nanoTime() + UP_WITHIN.toNanos();
    while (System.nanoTime() < until) {
      if (!process.isAlive()) {
        throw new IllegalStateException(
            "the controller ended with status " + process.exitValue() + ":\n" + logTail());
      }
      Up up = look();
      if (up != null) {
        return up;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
    }
    throw new IllegalStateException(
        "the controller was not up after " + UP_WITHIN.toSeconds() + " s:\n" + logTail());
  }

  private @Nullable Up look() {
    Home left = new Home(home);
    JsonNode server = left.server();
    String token = left.adminToken();
    if (server == null || token == null) {
      return null;
    }
    URI url = URI.create(server.path("url").asText());
    Api api = new Api(url, token);
    try {
      JsonNode unused = api.get("/services");
    } catch (Unreachable | Refused notYet) {
      return null;
    }
    return new Up(api, url, URI.create(server.path("router").asText()));
  }

  /** The last lines of its log. */
  String logTail() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL), lines.size()));
    } catch (IOException e) {
      return "(its log " + log + " can't be read: " + Objects.toString(e.getMessage()) + ")";
    }
  }
}
