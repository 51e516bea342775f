package dev.sluice.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A PostgreSQL server that runs on a data directory, as its {@code postmaster.pid} says.
 *
 * @param process the server's process, alive when it was looked up
 */
record Postmaster(Path data, ProcessHandle process, int port) {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  /** The server of that directory; empty where none runs. */
  static Optional<Postmaster> of(Path data) throws IOException {
    Path file = data.resolve("postmaster.pid");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    // pid, directory, start time, port, ...
    List<String> lines = Files.readAllLines(file);
    if (lines.size() < 4) {
      throw new IllegalStateException(
          file + " is cut short: remove it if no PostgreSQL runs there");
    }
    Optional<ProcessHandle> process =
        ProcessHandle.of(Long.parseLong(lines.get(0).strip())).filter(ProcessHandle::isAlive);
    if (process.isEmpty()) {
      // PostgreSQL itself puts a stale file right, with checks of its own
      return Optional.empty();
    }
    if (!isPostgresOn(data, process.get())) {
      // the number went to a stranger since: PostgreSQL would take it for a twin and not start
      Files.delete(file);
      return Optional.empty();
    }
    return Optional.of(new Postmaster(data, process.get(), Integer.parseInt(lines.get(3).strip())));
  }

  private static boolean isPostgresOn(Path data, ProcessHandle process) {
    boolean postgres =
        process
            .info()
            .command()
            .map(c -> Path.of(c).getFileName().toString().equals("postgres"))
            .orElse(false);
    return postgres
        && process.info().arguments().map(a -> List.of(a).contains(data.toString())).orElse(false);
  }

  /**
   * Waits until it answers to that password and says that it is on this directory.
   *
   * @return false if it has ended meanwhile
   * @throws IllegalStateException if it does neither in that time, or is another directory's
   */
  boolean awaitReady(String user, String password, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (true) {
      try {
        String serves = dataDirectory(user, password);
        if (!Path.of(serves).toRealPath().equals(data.toRealPath())) {
          throw new IllegalStateException(
              "port " + port + " serves " + serves + ", and " + data + " was expected there");
        }
        return true;
      } catch (SQLException | IOException e) {
        // starting up, recovering or shutting down
        if (endsWithin(BETWEEN_LOOKS)) {
          return false;
        }
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(
              "PostgreSQL (pid " + process.pid() + ") runs on " + data + " but doesn't answer", e);
        }
      }
    }
  }

  private boolean endsWithin(Duration time) {
    CompletableFuture<ProcessHandle> exit = process.onExit();
    try {
      exit.get(time.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      exit.cancel(false);
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for PostgreSQL", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("can't wait for process " + process.pid(), e);
    }
  }

  private String dataDirectory(String user, String password) throws SQLException {
    String url =
        "jdbc:postgresql://127.0.0.1:" + port + "/postgres?connectTimeout=2&socketTimeout=5";
    try (Connection connection = DriverManager.getConnection(url, user, password);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW data_directory")) {
      rows.next();
      return rows.getString(1);
    }
  }
}
