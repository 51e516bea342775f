package dev.sluice.sample;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * {@code sample-server}: serves a small real model until it is told to stop. Prints {@code
 * listening on HOST:PORT} to standard output once the port is open; {@code /v2/health/ready} tells
 * when the model is loaded. SIGTERM finishes what is under way and exits 0; a flag that makes no
 * sense exits 64 with one line that says what would.
 */
@Command(
    name = "sample-server",
    description = "Serves a small real model (handwritten digits) behind KServe V2.",
    sortOptions = false,
    exitCodeOnInvalidInput = 64)
public final class SampleServerCommand implements Callable<Integer> {
  private static final Duration DRAIN = Duration.ofSeconds(10);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  @CommandLine.Spec private CommandLine.Model.@Nullable CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("unused") // picocli acts on it
  private boolean help;

  @Option(names = "--model", required = true, paramLabel = "FILE", description = "Weights, JSON.")
  private Path model = Path.of("");

  @Option(names = "--version", paramLabel = "NAME", description = "Model version; echoed.")
  private String version = "v1";

  @Option(
      names = {"--model-name", "--service"},
      paramLabel = "NAME",
      description = "Name the model is served under. Default: ${DEFAULT-VALUE}")
  private String modelName = "digits";

  @Option(names = "--host", description = "Address to listen on. Default: ${DEFAULT-VALUE}")
  private String host = "127.0.0.1";

  @Option(names = "--port", paramLabel = "N", description = "0 picks a free one, the default.")
  private int port = 0;

  @Option(
      names = "--service-time",
      paramLabel = "DURATION",
      description =
          "Median of a SIMULATED device time, such as 8ms. Default: ${DEFAULT-VALUE}, off")
  private String serviceTime = "0";

  @Option(
      names = "--service-time-sigma",
      paramLabel = "SIGMA",
      description = "Standard deviation of its logarithm. Default: ${DEFAULT-VALUE}")
  private double serviceTimeSigma = 0.25;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description = "Requests worked on at once. Default: ${DEFAULT-VALUE}")
  private int concurrency = 4;

  @Option(
      names = "--queue",
      paramLabel = "N",
      description = "Requests that may wait; over it 429. Default: ${DEFAULT-VALUE}")
  private int queue = 64;

  @Option(
      names = "--startup-delay",
      paramLabel = "DURATION",
      description = "How long it says it is loading. Default: ${DEFAULT-VALUE}")
  private String startupDelay = "0";

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of its own noise and of faults. Default: from the version's name")
  private @Nullable Long seed;

  @Option(
      names = "--fault",
      paramLabel = "FAULT",
      description = "Break something on purpose: " + Fault.USAGE + ". May be repeated.")
  private List<String> faults = new ArrayList<>();

  /** Runs this command by itself, as {@code sluice sample-server} does. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** The same, for a caller who ends the program with the status itself. */
  public static int run(String... args) {
    return commandLine().execute(args);
  }

  static CommandLine commandLine() {
    return new CommandLine(new SampleServerCommand())
        .setParameterExceptionHandler(
            (problem, args) -> {
              CommandLine command = problem.getCommandLine();
              command.getErr().println(problem.getMessage());
              return command.getCommandSpec().exitCodeOnInvalidInput();
            });
  }

  /**
   * Starts a server in this process, told by the command's own flags; close it when done.
   *
   * @throws ParameterException if a flag makes no sense
   * @throws IOException if the address can't be listened on
   */
  public static SampleServer start(String... flags) throws IOException {
    CommandLine line = commandLine();
    line.parseArgs(flags);
    SampleServerCommand command = line.getCommand();
    return SampleServer.start(command.options(), Clock.systemUTC());
  }

  @Override
  public Integer call() {
    CommandLine line = line();
    SampleServer server;
    try {
      server = SampleServer.start(options(), Clock.systemUTC());
    } catch (IOException e) {
      line.getErr()
          .printf(
              "cannot listen on %s:%d: %s; choose another --host or --port, port 0 is any free one%n",
              host, port, e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
    PrintWriter out = line.getOut();
    Thread onSignal =
        new Thread(
            () -> {
              server.close();
              // a JVM ended by a signal would exit 143; being told to stop is no failure
              Runtime.getRuntime().halt(CommandLine.ExitCode.OK);
            },
            "stop");
    Runtime.getRuntime().addShutdownHook(onSignal);
    out.println("listening on " + host + ":" + server.port());
    out.flush();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Runtime.getRuntime().removeShutdownHook(onSignal);
      server.close();
      Thread.currentThread().interrupt();
    }
    return CommandLine.ExitCode.OK;
  }

  private CommandLine line() {
    if (spec == null) {
      throw new IllegalStateException("picocli sets the spec before it calls the command");
    }
    return spec.commandLine();
  }

  private SampleServerOptions options() {
    List<Fault> parsed = faults.stream().map(f -> read("--fault", f, Fault::parse)).toList();
    Duration median = read("--service-time", serviceTime, Quantities::duration);
    require(
        parsed.stream().map(Fault::kind).distinct().count() == parsed.size(),
        "--fault may be given once for each kind, was " + faults);
    require(
        !median.isZero() || parsed.stream().noneMatch(Fault.Slow.class::isInstance),
        "--fault slow multiplies the simulated device time: give --service-time too, such as 8ms");
    require(
        median.compareTo(DeviceTime.MAX_MEDIAN) <= 0,
        "--service-time must be at most 1m, was '" + serviceTime + "'");
    require(
        serviceTimeSigma >= 0 && serviceTimeSigma <= DeviceTime.MAX_SIGMA,
        "--service-time-sigma must be 0..2, such as 0.25, was " + serviceTimeSigma);
    require(port >= 0 && port <= 65_535, "--port must be 0..65535, was " + port);
    require(
        concurrency >= 1 && concurrency <= 1_000,
        "--concurrency must be 1..1000, was " + concurrency);
    require(queue >= 0 && queue <= 100_000, "--queue must be 0..100000, was " + queue);
    requireName("--version", version);
    requireName("--model-name", modelName);
    return new SampleServerOptions(
        read("--model", model.toString(), file -> served(Path.of(file))),
        host,
        port,
        median,
        serviceTimeSigma,
        concurrency,
        queue,
        read("--startup-delay", startupDelay, Quantities::duration),
        DRAIN,
        parsed,
        seed == null ? version.hashCode() : seed);
  }

  private ServedModel served(Path file) {
    byte[] json;
    try {
      json = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "must be a readable file of weights such as digits-v1.json, was '" + file + "'", e);
    }
    try {
      Network network = Network.parse(json);
      return new ServedModel(modelName, version, ServedModel.digestOf(json), network, false);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "must be a file of weights such as digits-v1.json, was '%s': %s"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private void requireName(String flag, String value) {
    require(
        NAME.matcher(value).matches(),
        flag + " must be letters, digits, '.', '_' or '-', at most 63, was '" + value + "'");
  }

  private <T> T read(String flag, String text, Function<String, T> reader) {
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(line(), flag + " " + e.getMessage(), e);
    }
  }

  private void require(boolean sound, String otherwise) {
    if (!sound) {
      throw new ParameterException(line(), otherwise);
    }
  }
}
