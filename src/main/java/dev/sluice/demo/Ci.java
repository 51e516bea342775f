package dev.sluice.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.cli.Api;
import dev.sluice.cli.Screen;
import dev.sluice.cli.Watch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/** Releases one version after another, as a CI pipeline would: submit, follow, read the outcome. */
final class Ci {
  /** The release whose process is killed. */
  private static final String VICTIM = "dies";

  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(3);

  private final Api api;
  private final Users users;
  private final Labels labels;
  private final Path home;
  private final Screen screen;
  private final Clock clock;

  Ci(Api api, Users users, Labels labels, Path home, Screen screen, Clock clock) {
    this.api = api;
    this.users = users;
    this.labels = labels;
    this.home = home;
    this.screen = screen;
    this.clock = clock;
  }

  /**
   * A release and what its users counted.
   *
   * @param tally of the requests that were due from submission to the end
   */
  record Run(Result result, Tally tally) {}

  /** Takes one version through its release, to whatever end. */
  Run release(String version) throws InterruptedException {
    ObjectNode body =
        Api.JSON
            .createObjectNode()
            .put("service", "digits")
            .put("version", version)
            .put("reason", "demo");
    Tally tally = new Tally();
    users.countIn(tally);
    String key = "demo-" + version + "-" + UUID.randomUUID();
    JsonNode submitted = api.post("/releases", body, Map.of("Idempotency-Key", key)).body();
    String id = submitted.path("id").asText();
    labels.to(id);
    Watch.Looker onScreen = new Watch.OnScreen(screen, clock, clock.instant());
    Watch.Looker looker = version.equals(VICTIM) ? new Killer(onScreen) : onScreen;
    // the demo's controller is not restarted: when it doesn't answer, that is an error
    JsonNode last =
        new Watch(api, clock, Watch.Patience.NONE)
            .follow(submitted, PATIENCE, screen.terminal(), looker);
    labels.to(null);
    users.countIn(new Tally());
    tally.settle(LAST_ANSWERS);
    return new Run(Result.of(version, last, tally.errors()), tally);
  }

  /** Kills the candidate's process once users are on it, past the first step of the canary. */
  private final class Killer implements Watch.Looker {
    private final Watch.Looker next;
    private boolean done;

    Killer(Watch.Looker next) {
      this.next = next;
    }

    @Override
    public void look(JsonNode view) {
      next.look(view);
      if (!done && inMidCanary(view)) {
        done = true;
        long pid = kill();
        screen.line("        kill -9 " + pid + ": the candidate's process is gone");
      }
    }
  }

  static boolean inMidCanary(JsonNode view) {
    int steps = view.path("step").path("of").asInt(1);
    int index = view.path("step").path("index").asInt(0);
    return view.path("stage").asText("").equals("canary")
        && view.path("phase").asText("").equals("observing")
        && index >= Math.min(1, steps - 1);
  }

  private long kill() {
    Path records = home.resolve("processes").resolve("digits").resolve(VICTIM);
    try (DirectoryStream<Path> replicas = Files.newDirectoryStream(records)) {
      for (Path replica : replicas) {
        Path file = replica.resolve("process.json");
        if (Files.isReadable(file)) {
          long pid = Api.JSON.readTree(Files.readAllBytes(file)).path("pid").asLong();
          boolean sent = ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly).orElse(false);
          if (sent) {
            return pid;
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("no record of the process to kill in " + records, e);
    }
    throw new IllegalStateException("no running process to kill is recorded in " + records);
  }
}
