package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice release …}. */
@Command(name = "release", description = "releases: attempts to make a version the stable one")
final class ReleaseCommand extends Group {
  private static final Duration NO_END = Duration.ofDays(365);

  /** A restart takes seconds. Who watches wants to know when it is something else. */
  private static final Duration LONGEST_OUTAGE = Duration.ofMinutes(5);

  @Command(description = "submits a release; with --wait follows it to its end")
  int submit(
      @Option(names = "--service", required = true, paramLabel = "NAME", description = "of what")
          String service,
      @Option(
              names = "--version",
              required = true,
              paramLabel = "NAME",
              description = "the candidate")
          String version,
      @Option(names = "--pipeline", paramLabel = "NAME", description = "another than the service's")
          @Nullable String pipeline,
      @Option(names = "--reason", description = "why, for the record") @Nullable String reason,
      @Option(names = "--label", paramLabel = "KEY=VALUE", description = "to find it by")
          @Nullable Map<String, String> labels,
      @Option(names = "--supersede", description = "replaces the release that is under way")
          boolean supersede,
      @Option(
              names = "--idempotency-key",
              paramLabel = "KEY",
              description = "a repeated submission with the same key is the same release")
          @Nullable String key,
      @Option(names = "--wait", description = "exits with how it ended") boolean wait,
      @Option(
              names = "--timeout",
              defaultValue = "30m",
              converter = Durations.class,
              description = "of --wait; default ${DEFAULT-VALUE}")
          Duration timeout) {
    ObjectNode body = Api.JSON.createObjectNode().put("service", service).put("version", version);
    if (pipeline != null) {
      body.put("pipeline", pipeline);
    }
    if (reason != null) {
      body.put("reason", reason);
    }
    if (labels != null) {
      ObjectNode to = body.putObject("labels");
      labels.forEach(to::put);
    }
    if (supersede) {
      body.put("supersede", true);
    }
    Map<String, String> headers = key == null ? Map.of() : Map.of("Idempotency-Key", key);
    JsonNode view = sluice().api().post("/releases", body, headers).body();
    if (!wait) {
      sluice().output().show(view, v -> v.path("id").asText());
      return ExitCode.FINE;
    }
    return follow(view, timeout);
  }

  @Command(description = "releases, newest first")
  int list(
      @Option(names = "--service", paramLabel = "NAME", description = "only of this service")
          @Nullable String service,
      @Option(names = "--phase", paramLabel = "PHASE", description = "only in this phase")
          @Nullable String phase,
      @Option(names = "--label", paramLabel = "KEY=VALUE", description = "only with this label")
          @Nullable String label,
      @Option(names = "--limit", paramLabel = "N", description = "at most so many")
          @Nullable Integer limit,
      @Option(names = "--cursor", paramLabel = "CURSOR", description = "go on where a page ended")
          @Nullable String cursor) {
    Map<String, @Nullable Object> filters = new LinkedHashMap<>();
    filters.put("service", service);
    filters.put("phase", phase);
    filters.put("label", label);
    filters.put("limit", limit);
    filters.put("cursor", cursor);
    StringBuilder query = new StringBuilder();
    filters.forEach(
        (name, value) -> {
          if (value != null) {
            query.append(query.isEmpty() ? '?' : '&').append(name).append('=');
            query.append(Api.encoded(value.toString()));
          }
        });
    sluice()
        .output()
        .show(
            sluice().api().get("/releases" + query),
            l ->
                Views.list(
                    l, "id", "service", "candidate", "stable", "phase", "stage", "submittedAt"));
    return ExitCode.FINE;
  }

  @Command(description = "one release with its gates")
  int show(@Parameters(paramLabel = "ID") String id) {
    sluice().output().show(sluice().api().get(path(id)), Views::release);
    return ExitCode.FINE;
  }

  @Command(description = "shows a release as it moves; exits with how it ended")
  int watch(@Parameters(paramLabel = "ID") String id) {
    Screen screen = sluice().screen();
    JsonNode first = sluice().api().get(path(id));
    Instant since =
        first.path("submittedAt").isTextual()
            ? Instant.parse(first.path("submittedAt").asText())
            : sluice().clock().instant();
    Watch.OnScreen onScreen = new Watch.OnScreen(screen, sluice().clock(), since);
    Watch.Patience patience =
        Watch.Patience.of(
            LONGEST_OUTAGE,
            why -> {
              screen.live(""); // on a terminal the line below stands where the live one did
              told(why);
            });
    JsonNode last = watch(patience).follow(first, NO_END, screen.terminal(), onScreen);
    sluice().output().show(last, ReleaseCommand::ending);
    return ExitCode.of(last);
  }

  @Command(
      name = "wait",
      description = "waits for the end: 0 succeeded, 2 rolled back, 3 rejected, 4 timed out")
  int await(
      @Parameters(paramLabel = "ID") String id,
      @Option(
              names = "--timeout",
              defaultValue = "30m",
              converter = Durations.class,
              description = "default ${DEFAULT-VALUE}")
          Duration timeout) {
    return follow(sluice().api().get(path(id)), timeout);
  }

  private int follow(JsonNode first, Duration timeout) {
    // the time that was given is the bound, whether the controller answers or not
    Watch.Patience patience = Watch.Patience.of(NO_END, this::told);
    JsonNode last = watch(patience).follow(first, timeout, false, view -> {});
    sluice().output().show(last, ReleaseCommand::ending);
    return ExitCode.of(last);
  }

  private Watch watch(Watch.Patience patience) {
    return new Watch(sluice().api(), sluice().clock(), patience);
  }

  private void told(String why) {
    sluice().err().println("sluice: " + why);
    sluice().err().flush();
  }

  /** One line: how it ended, or where it is. */
  private static String ending(JsonNode view) {
    String what = view.path("candidate").asText() + " " + view.path("phase").asText();
    JsonNode why = view.path("why");
    return why.isObject()
        ? what + " by " + LiveLine.by(why) + ": " + why.path("sentence").asText()
        : what;
  }

  @Command(description = "what happened to a release")
  int events(@Parameters(paramLabel = "ID") String id) {
    sluice()
        .output()
        .show(
            sluice().api().get(path(id) + "/events"),
            l -> Views.list(l, "at", "kind", "actor", "from", "to", "stage", "text"));
    return ExitCode.FINE;
  }

  @Command(description = "what its gates' verdicts rest on")
  int evidence(@Parameters(paramLabel = "ID") String id) {
    sluice().output().show(sluice().api().get(path(id) + "/evidence"), Views::evidence);
    return ExitCode.FINE;
  }

  @Command(description = "a page for people, to standard output: what each gate asked and answered")
  int report(@Parameters(paramLabel = "ID") String id) {
    sluice().output().raw(sluice().api().text(path(id) + "/report", "text/html"));
    return ExitCode.FINE;
  }

  @Command(description = "holds its progress; it still rolls back when it must")
  int pause(@Parameters(paramLabel = "ID") String id, @Option(names = "--reason") String reason) {
    return intend(id, "pause", reason);
  }

  @Command(description = "lets it go on")
  int resume(@Parameters(paramLabel = "ID") String id, @Option(names = "--reason") String reason) {
    return intend(id, "resume", reason);
  }

  @Command(description = "agrees to the step that waits for it")
  int approve(@Parameters(paramLabel = "ID") String id, @Option(names = "--reason") String reason) {
    return intend(id, "approve", reason);
  }

  @Command(description = "promotes it without waiting for its gates")
  int promote(@Parameters(paramLabel = "ID") String id, @Option(names = "--reason") String reason) {
    return intend(id, "promote", reason);
  }

  @Command(description = "brings users back to the stable version")
  int rollback(
      @Parameters(paramLabel = "ID") String id, @Option(names = "--reason") String reason) {
    return intend(id, "rollback", reason);
  }

  @Command(description = "gives it up")
  int abort(@Parameters(paramLabel = "ID") String id, @Option(names = "--reason") String reason) {
    return intend(id, "abort", reason);
  }

  @Command(description = "tries again what was rolled back or rejected, as a new release")
  int retry(@Parameters(paramLabel = "ID") String id, @Option(names = "--reason") String reason) {
    ObjectNode body = Api.JSON.createObjectNode().put("reason", reason == null ? "" : reason);
    JsonNode view = sluice().api().post(path(id) + "/retry", body, Map.of()).body();
    sluice().output().show(view, v -> v.path("id").asText());
    return ExitCode.FINE;
  }

  private int intend(String id, String verb, @Nullable String reason) {
    ObjectNode body = Api.JSON.createObjectNode().put("reason", reason == null ? "" : reason);
    Api.Reply reply = sluice().api().post(path(id) + "/" + verb, body, Map.of());
    sluice().output().show(reply.body(), v -> id + ": " + verb + " noted, phase " + phase(v));
    return ExitCode.FINE;
  }

  private static String phase(JsonNode view) {
    return view.path("phase").asText("unknown");
  }

  private static String path(String id) {
    return "/releases/" + Api.encoded(id);
  }
}
