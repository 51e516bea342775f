package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.backtest.BackTest;
import dev.sluice.backtest.BackTest.Compared;
import dev.sluice.control.Replayed;
import dev.sluice.intake.catalog.FileLint;
import dev.sluice.recording.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sluice gate backtest}. */
@Command(
    name = "backtest",
    description = "what another policy would have decided about recorded releases",
    footer = {
      "",
      "POLICY is a file with a pipeline, or with gates that take the place of those of the same",
      "name in each release's own pipeline. Nothing is changed anywhere: recordings are read and",
      "asked here. Exit status 0 if every release was asked, 1 if one could not be."
    })
final class BacktestCommand implements Callable<Integer> {
  private static final int PAGE = 200;

  @ParentCommand private @Nullable GateCommand parent;

  @Parameters(paramLabel = "POLICY", description = "a YAML file")
  private String policy = "";

  @ArgGroup(multiplicity = "1")
  private @Nullable Which which;

  /** Which releases. */
  static final class Which {
    @Option(
        names = "--release",
        paramLabel = "ID",
        split = ",",
        description = "this release; may be said again")
    private @Nullable List<String> releases;

    @Option(
        names = "--since",
        paramLabel = "TIME",
        converter = Durations.class,
        description = "every release that was submitted in that time and has ended, as 90d")
    private @Nullable Duration since;

    @Option(
        names = "--file",
        paramLabel = "RECORDING",
        description =
            "what GET /api/v1/releases/ID/recording gave; may be said again. Needs no server")
    private @Nullable List<String> files;
  }

  /** A release that can't be asked about. */
  private record Refusal(String release, String why) {}

  private interface Source {
    byte[] bytes();
  }

  @Override
  public Integer call() {
    FileLint.Declared declared =
        FileLint.in(sluice().root(), sluice().providerHosts()).declared(List.of(policy));
    if (!declared.isSound()) {
      Library.tell(sluice(), declared.problems());
      return ExitCode.ERROR;
    }
    BackTest test;
    try {
      test = BackTest.of(declared, sluice().providerHosts());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(policy + ": " + e.getMessage(), e);
    }
    List<Compared> compared = new ArrayList<>();
    List<Refusal> refused = new ArrayList<>();
    Which asked = Objects.requireNonNull(which, "picocli sets it");
    boolean named = asked.since == null;
    if (asked.files != null) {
      asked.files.forEach(file -> ask(test, file, () -> read(file), compared, refused));
    }
    List<String> releases = asked.releases;
    if (asked.since != null) {
      releases = ended(sluice().clock().instant().minus(asked.since));
    }
    if (releases != null) {
      releases.forEach(id -> ask(test, id, () -> fetched(id), compared, refused));
    }
    refused.forEach(one -> sluice().err().println(one.release() + ": " + one.why()));
    sluice().output().show(told(compared, refused), BacktestView::table);
    return named && !refused.isEmpty() ? ExitCode.ERROR : ExitCode.FINE;
  }

  private SluiceCommand sluice() {
    return Objects.requireNonNull(parent, "picocli sets it").sluice();
  }

  private static void ask(
      BackTest test, String name, Source source, List<Compared> compared, List<Refusal> refused) {
    try {
      compared.add(test.ask(Recording.read(source.bytes())));
    } catch (IllegalArgumentException e) {
      refused.add(new Refusal(name, String.valueOf(e.getMessage())));
    } catch (Refused e) {
      refused.add(new Refusal(name, String.join(" ", e.lines())));
    }
  }

  private byte[] fetched(String id) {
    return sluice().api().bytes("/releases/" + Api.encoded(id) + "/recording");
  }

  private static byte[] read(String file) {
    try {
      return Files.readAllBytes(Path.of(file));
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("no such file", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("can't be read: " + e.getMessage(), e);
    }
  }

  /** Releases submitted since then that have ended, oldest first. */
  private List<String> ended(Instant since) {
    List<String> ids = new ArrayList<>();
    String cursor = "";
    while (true) {
      JsonNode page =
          sluice()
              .api()
              .get(
                  "/releases?limit="
                      + PAGE
                      + (cursor.isEmpty() ? "" : "&cursor=" + Api.encoded(cursor)));
      for (JsonNode release : Views.items(page)) {
        if (Instant.parse(release.path("submittedAt").asText()).isBefore(since)) {
          return ids;
        }
        if (release.path("outcome").isTextual()) {
          ids.addFirst(release.path("id").asText());
        }
      }
      cursor = page.path("next").asText("");
      if (cursor.isEmpty()) {
        return ids;
      }
    }
  }

  private ObjectNode told(List<Compared> compared, List<Refusal> refused) {
    ObjectNode told = Api.JSON.createObjectNode().put("policy", policy);
    ArrayNode releases = told.putArray("releases");
    for (Compared one : compared) {
      ObjectNode release = releases.addObject();
      release
          .put("release", one.release().id().toString())
          .put("service", one.release().service().value())
          .put("candidate", one.release().candidate().value());
      tell(one.live(), release.putObject("live"));
      tell(one.policy(), release.putObject("policy"));
    }
    ArrayNode not = told.putArray("refused");
    refused.forEach(one -> not.addObject().put("release", one.release()).put("why", one.why()));
    return told;
  }

  private static void tell(Replayed decided, ObjectNode to) {
    to.put("outcome", decided.outcome())
        .put("by", decided.by())
        .put("step", decided.step())
        .put("afterSeconds", decided.after().toMillis() / 1e3)
        .put("at", decided.at().toString())
        .put("exposed", decided.exposed())
        .put("recordedOneIn", decided.keptOneIn())
        .put("why", decided.why());
    ArrayNode leftOut = to.putArray("leftOut");
    decided
        .leftOut()
        .forEach(gate -> leftOut.addObject().put("gate", gate.gate()).put("why", gate.why()));
  }
}
