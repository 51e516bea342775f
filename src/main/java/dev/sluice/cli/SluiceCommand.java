package dev.sluice.cli;

import dev.sluice.bench.BenchCommand;
import dev.sluice.demo.DemoCommand;
import dev.sluice.sample.SampleServerCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line: {@code sluice <noun> <verb>}. */
@Command(
    name = "sluice",
    versionProvider = ProgramVersion.class,
    description = "Moves a model service to a candidate version, and back when it has to.",
    footer = {
      "",
      "'sluice serve' runs the controller, 'sluice sample-server' a small real model server;",
      "'sluice demo' shows all of it on this machine.",
      "Exit status: 0 fine, 1 error, 2 rolled back, 3 rejected, 4 timed out, 64 usage."
    })
public final class SluiceCommand implements Runnable {
  /** A program of its own, with flags of its own. */
  private static final String SAMPLE_SERVER = "sample-server";

  private static final Map<String, Supplier<Object>> NOUNS = new LinkedHashMap<>();

  static {
    NOUNS.put("service", ServiceCommand::new);
    NOUNS.put("version", VersionCommand::new);
    NOUNS.put("release", ReleaseCommand::new);
    NOUNS.put("pipeline", PipelineCommand::new);
    NOUNS.put("gate", GateCommand::new);
    NOUNS.put("plan", PlanCommand::new);
    NOUNS.put("token", TokenCommand::new);
    NOUNS.put("demo", DemoCommand::new);
    NOUNS.put("bench", BenchCommand::new);
  }

  @Option(
      names = {"-o", "--output"},
      scope = ScopeType.INHERIT,
      paramLabel = "FORM",
      defaultValue = "table",
      description = "table, json or yaml")
  private Output.Format output = Output.Format.TABLE;

  @Option(
      names = "--server",
      scope = ScopeType.INHERIT,
      paramLabel = "URL",
      description = "where the controller is; else SLUICE_SERVER, else the one SLUICE_HOME knows")
  private @Nullable URI server;

  @Option(
      names = {"-h", "--help"},
      scope = ScopeType.INHERIT,
      usageHelp = true,
      description = "tells how a command is used")
  @SuppressWarnings("unused") // picocli acts on it
  private boolean help;

  @Option(names = "--version", versionHelp = true, description = "tells which Sluice this is")
  @SuppressWarnings("unused") // picocli acts on it
  private boolean version;

  @Spec private @Nullable CommandSpec spec;

  private final Map<String, String> environment;
  private final Path root;

  private SluiceCommand(Map<String, String> environment, Path root) {
    this.environment = environment;
    this.root = root;
  }

  /**
   * Runs one command on standard output and standard error.
   *
   * @return the exit status, see {@link ExitCode}
   */
  public static int run(String... args) {
    if (args.length > 0 && args[0].equals(SAMPLE_SERVER)) {
      return SampleServerCommand.run(Arrays.copyOfRange(args, 1, args.length));
    }
    PrintWriter out = writer(FileDescriptor.out, "stdout.encoding");
    PrintWriter err = writer(FileDescriptor.err, "stderr.encoding");
    Path root = Path.of(System.getProperty("sluice.root", "."));
    return run(out, err, System.getenv(), root, args);
  }

  static int run(
      PrintWriter out,
      PrintWriter err,
      Map<String, String> environment,
      Path root,
      String... args) {
    CommandLine line = new CommandLine(new SluiceCommand(environment, root));
    // reading the annotations of all nouns takes longer than running one of them
    boolean known = Arrays.stream(args).anyMatch(NOUNS::containsKey);
    NOUNS.forEach(
        (noun, command) -> {
          if (!known || Arrays.asList(args).contains(noun)) {
            line.addSubcommand(noun, command.get());
          }
        });
    line.setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(false)
        .setParameterExceptionHandler(SluiceCommand::misused)
        .setExecutionExceptionHandler((thrown, command, parsed) -> failed(thrown, err));
    int status = line.execute(args);
    out.flush();
    err.flush();
    return status;
  }

  private static PrintWriter writer(FileDescriptor to, String encoding) {
    Charset charset =
        Charset.forName(System.getProperty(encoding, Charset.defaultCharset().name()));
    return new PrintWriter(new FileOutputStream(to), false, charset);
  }

  private static int misused(ParameterException wrong, String[] args) {
    PrintWriter err = wrong.getCommandLine().getErr();
    String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
    err.println("sluice: " + oneLine(wrong.getMessage()) + " (see '" + command + " --help')");
    err.flush();
    return ExitCode.USAGE;
  }

  private static int failed(Exception thrown, PrintWriter err) throws Exception {
    switch (thrown) {
      case Refused refused -> refused.lines().forEach(err::println);
      case Documents.Unreadable unreadable -> err.println(unreadable.getMessage());
      case Unreachable unreachable -> err.println("sluice: " + unreachable.getMessage());
      case IllegalStateException state -> err.println("sluice: " + oneLine(state.getMessage()));
      case IllegalArgumentException bad -> err.println("sluice: " + oneLine(bad.getMessage()));
      // a fault of the program: its stack trace is what whoever mends it needs
      default -> throw thrown;
    }
    err.flush();
    return ExitCode.ERROR;
  }

  private static String oneLine(@Nullable String message) {
    return Objects.requireNonNullElse(message, "no message").strip().replaceAll("\\s*\\R\\s*", " ");
  }

  @Override
  public void run() {
    commandLine().usage(commandLine().getOut());
  }

  private CommandLine commandLine() {
    return Objects.requireNonNull(spec, "picocli sets it").commandLine();
  }

  Api api() {
    return Home.api(server, environment, root);
  }

  /** Where Sluice was checked out or installed. */
  Path root() {
    return root;
  }

  /** What {@code sluice.intake.provider-hosts} is in this environment. */
  Set<String> providerHosts() {
    String hosts = environment.getOrDefault("SLUICE_INTAKE_PROVIDER_HOSTS", "");
    return hosts.isBlank() ? Set.of() : Set.of(hosts.strip().split("\\s*,\\s*"));
  }

  Output output() {
    return new Output(commandLine().getOut(), output);
  }

  PrintWriter err() {
    return commandLine().getErr();
  }

  /** Progress: on standard output for people, on standard error beside JSON or YAML. */
  Screen screen() {
    return output == Output.Format.TABLE
        ? Screen.of(commandLine().getOut(), 1)
        : Screen.of(commandLine().getErr(), 2);
  }

  Clock clock() {
    return Clock.systemUTC();
  }
}
