package dev.sluice.workload;

import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Rejected;
import dev.sluice.model.Unavailable;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Starts, finds again and ends the process of a replica. In the order that survives a crash at any
 * point: the intent is written with a new token, the process started with that token in its
 * environment, its pid written. Whatever lives is found again by pid and start, or by the token.
 */
final class Launcher {
  private static final System.Logger LOG = System.getLogger(Launcher.class.getName());
  private static final Duration KILL_GRACE = Duration.ofSeconds(5);

  private final ProcessOptions options;
  private final ProcessTable table;
  private final Ports ports;
  private final Clock clock;
  private final Steps steps;
  private final Optional<Path> setsid = CommandLine.program("setsid");

  Launcher(ProcessOptions options, ProcessTable table, Ports ports, Clock clock, Steps steps) {
    this.options = options;
    this.table = table;
    this.ports = ports;
    this.clock = clock;
    this.steps = steps;
  }

  /** Told how far the effects of a start have come; tests crash there. */
  @FunctionalInterface
  interface Steps {
    void reached(Step step);
  }

  enum Step {
    INTENT_WRITTEN,
    STARTED,
    PID_WRITTEN
  }

  /** What became of the process that a directory remembers. */
  sealed interface Found {
    /** It was never started, or no record says so. */
    record Nothing() implements Found {}

    record Living(ReplicaRecord record) implements Found {}

    record Ended(ReplicaRecord record) implements Found {}

    /** The record can't be read, so that starting another process might start a twin. */
    record Unreadable(String why) implements Found {}
  }

  record Started(ReplicaRecord record, Process process) {}

  Found find(ReplicaDirectory directory) {
    try {
      Optional<ReplicaRecord> read = directory.read();
      if (read.isEmpty()) {
        return new Found.Nothing();
      }
      ReplicaRecord record = read.get();
      if (record.pid() == null) {
        List<Long> bearing = table.bearing(record.token());
        if (bearing.isEmpty()) {
          directory.forget(); // the crash came before the start
          return new Found.Nothing();
        }
        long pid = bearing.getFirst();
        record = record.running(pid, table.mark(pid).orElse(null));
        directory.write(record);
      }
      ports.taken(record.port());
      return table.lives(record, directory.log())
          ? new Found.Living(record)
          : new Found.Ended(record);
    } catch (IOException e) {
      return new Found.Unreadable(
          "can't tell whether a process runs already; put right or remove "
              + directory.file()
              + " and start Sluice again: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  /**
   * Starts a process for the replica.
   *
   * @throws Rejected if its command can't be run
   * @throws Unavailable if the machine can't start it now
   */
  Started start(
      ReplicaDirectory directory,
      ModelService service,
      ModelVersion version,
      int replica,
      Path model) {
    int port = ports.take();
    try {
      List<String> command = CommandLine.of(service, version, port, model);
      directory.boundLog(options.logLimitBytes());
      ReplicaRecord intent =
          new ReplicaRecord(
              UUID.randomUUID().toString(),
              service.name().value(),
              version.name().value(),
              replica,
              version.digest(),
              port,
              command,
              directory.logBytes(),
              clock.instant(),
              null,
              null,
              null,
              null,
              null);
      directory.write(intent);
      steps.reached(Step.INTENT_WRITTEN);
      Process process = spawn(intent, directory);
      steps.reached(Step.STARTED);
      long pid = process.pid();
      ReplicaRecord record = intent.running(pid, table.mark(pid).orElse(null));
      save(directory, record);
      steps.reached(Step.PID_WRITTEN);
      LOG.log(
          System.Logger.Level.INFO,
          "started {0}/{1}/{2} as process {3} on port {4}",
          record.service(),
          record.version(),
          String.valueOf(replica),
          String.valueOf(pid),
          String.valueOf(port));
      return new Started(record, process);
    } catch (IOException e) {
      ports.giveBack(port);
      throw new Unavailable("can't start a process: " + e.getMessage(), e);
    } catch (Rejected e) {
      ports.giveBack(port);
      throw e;
    }
  }

  /** Writes what is known of a running process; if that fails, what was written before holds. */
  void save(ReplicaDirectory directory, ReplicaRecord record) {
    try {
      directory.write(record);
    } catch (IOException e) {
      // the token on disk is right already, so the process will be found again without this
      LOG.log(System.Logger.Level.WARNING, "can't update " + directory.file(), e);
    }
  }

  boolean lives(ReplicaDirectory directory, ReplicaRecord record) {
    return table.lives(record, directory.log());
  }

  Optional<ProcessTable.Memory> memory(ReplicaRecord record) {
    return record.pid() == null ? Optional.empty() : table.memory(record.pid());
  }

  /** What is said of an end: how, and the last words of the log. */
  String lastWords(ReplicaDirectory directory, ReplicaRecord record, String how) {
    try {
      String line = directory.lastLine(record.logFrom());
      return line.isEmpty() ? how : how + "; its log ends: " + line;
    } catch (IOException e) {
      return how;
    }
  }

  /** Once the process is known to have ended: ends what it left behind, and frees its port. */
  void clear(ReplicaRecord record) {
    table.bearing(record.token()).forEach(pid -> ProcessHandle.of(pid).ifPresent(this::kill));
    ports.giveBack(record.port());
  }

  /**
   * Ends the recorded process if it lives and is ours: SIGTERM, after the grace SIGKILL. Then
   * forgets it. Blocks until it is gone.
   *
   * @return false if even SIGKILL didn't end it yet; it isn't forgotten then
   */
  boolean end(ReplicaDirectory directory, ReplicaRecord record, Duration grace) {
    Optional<ProcessHandle> process =
        Optional.ofNullable(record.pid())
            .flatMap(ProcessHandle::of)
            .filter(found -> lives(directory, record));
    if (process.isPresent()) {
      process.get().destroy();
      if (!gone(directory, record, process.get(), grace)) {
        kill(process.get());
        if (!gone(directory, record, process.get(), KILL_GRACE)) {
          return false;
        }
      }
    }
    clear(record);
    try {
      directory.forget();
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void kill(ProcessHandle process) {
    process.destroyForcibly();
  }

  /** Waits for the end; looks for itself because the JDK looks seldom at what isn't its child. */
  private boolean gone(
      ReplicaDirectory directory, ReplicaRecord record, ProcessHandle process, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (lives(directory, record)) {
      if (System.nanoTime() - deadline >= 0) {
        return false;
      }
      try {
        process.onExit().get(options.watchEvery().toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        // looked at again by the loop
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      } catch (ExecutionException e) {
        throw new IllegalStateException("an end can't fail", e);
      }
    }
    return true;
  }

  private Process spawn(ReplicaRecord intent, ReplicaDirectory directory) throws IOException {
    List<String> command = new ArrayList<>();
    // a session of its own: Ctrl-C and hang-up of the controller's terminal don't reach it
    setsid.ifPresent(path -> command.add(path.toString()));
    command.addAll(intent.command());
    File log = directory.log().toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(Redirect.from(nullDevice()))
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log)); // a file: it outlives the controller
    // the controller's settings, secrets among them, are none of a model server's business
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("SLUICE_") || name.startsWith("QUARKUS_"));
    builder.environment().put(ProcessTable.VARIABLE, intent.token());
    return builder.start();
  }

  private static File nullDevice() {
    Path device = Path.of("/dev/null");
    return Files.exists(device) ? device.toFile() : new File("NUL");
  }
}
