package dev.sluice.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sluice plan …}. */
@Command(
    name = "plan",
    description = {
      "how long a release will take, and what its gates will find",
      "",
      "Plays releases on traffic like the service's recent own; nothing is sent",
      "anywhere. What is given takes the place of what was measured."
    })
final class PlanCommand implements Callable<Integer> {
  /** A plan takes the server some seconds of a core. */
  private static final Duration WAIT = Duration.ofMinutes(2);

  @ParentCommand private @Nullable SluiceCommand parent;

  @Parameters(
      paramLabel = "PIPELINE",
      arity = "0..1",
      description = "a pipeline the server has read; default: the service's own")
  private @Nullable String pipeline;

  @Option(names = "--service", required = true, paramLabel = "NAME", description = "of what")
  private String service = "";

  @Option(names = "--rate", paramLabel = "N", description = "requests a second")
  private @Nullable String rate;

  @Option(names = "--errors", paramLabel = "SHARE", description = "that fail, as 0.5%%")
  private @Nullable String errors;

  @Option(names = "--timeouts", paramLabel = "SHARE", description = "that time out, as 0.1%%")
  private @Nullable String timeouts;

  @Option(names = "--invalid", paramLabel = "SHARE", description = "of invalid answers, as 0.1%%")
  private @Nullable String invalid;

  @Option(
      names = "--wrong",
      paramLabel = "SHARE",
      description = "of wrong answers among labelled ones; default 10%%")
  private @Nullable String wrong;

  @Option(names = "--p50", paramLabel = "TIME", description = "that half of the answers keep")
  private @Nullable String p50;

  @Option(names = "--p99", paramLabel = "TIME", description = "that 99%% of the answers keep")
  private @Nullable String p99;

  @Override
  public Integer call() {
    SluiceCommand sluice = Objects.requireNonNull(parent, "picocli sets it");
    sluice.output().show(sluice.api().get(path(), WAIT), PlanView::of);
    return ExitCode.FINE;
  }

  private String path() {
    Map<String, @Nullable String> given = new LinkedHashMap<>();
    given.put("pipeline", pipeline);
    given.put("rate", rate);
    given.put("errors", errors);
    given.put("timeouts", timeouts);
    given.put("invalid", invalid);
    given.put("wrong", wrong);
    given.put("p50", p50);
    given.put("p99", p99);
    String query =
        given.entrySet().stream()
            .filter(e -> e.getValue() != null)
            .map(e -> e.getKey() + "=" + Api.encoded(Objects.requireNonNull(e.getValue())))
            .collect(Collectors.joining("&"));
    return "/services/" + Api.encoded(service) + "/plan" + (query.isEmpty() ? "" : "?" + query);
  }
}
