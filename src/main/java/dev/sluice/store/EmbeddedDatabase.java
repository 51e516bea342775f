package dev.sluice.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL of Sluice's own, its data in {@code home/postgres}: on loopback, on a free port,
 * behind a random password in {@code home/postgres.password} (mode 0600), writing through to disk.
 *
 * <p>It runs in a session of its own: neither Ctrl-C nor {@code kill -9} of the controller reaches
 * it. The next controller finds and adopts it.
 */
public final class EmbeddedDatabase implements AutoCloseable {
  private static final String USER = "postgres";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  // small, as there is one controller; fsync and synchronous_commit are stated because a release's
  // state must survive the power cord
  private static final Map<String, String> SETTINGS =
      new TreeMap<>(
          Map.of(
              "listen_addresses", "127.0.0.1",
              "unix_socket_directories", "",
              "fsync", "on",
              "synchronous_commit", "on",
              "shared_buffers", "64MB",
              "max_connections", "30",
              "max_wal_size", "256MB",
              "log_min_messages", "warning"));

  private final PostgresBinaries binaries;
  private final Path home;
  private final FileLock lock;
  private final String password;
  private int port;
  private boolean adopted;

  private EmbeddedDatabase(PostgresBinaries binaries, Path home, FileLock lock, String password) {
    this.binaries = binaries;
    this.home = home;
    this.lock = lock;
    this.password = password;
  }

  /**
   * Starts the database of that home, or adopts it where it already runs; makes it where there is
   * none.
   *
   * @param home a directory of Sluice's own; created if it is not there
   * @throws IllegalStateException if another process has the home open, or PostgreSQL doesn't start
   *     (with what it said)
   */
  public static EmbeddedDatabase open(Path home) {
    Path absolute = home.toAbsolutePath().normalize();
    try {
      Files.createDirectories(absolute);
      FileLock lock = lock(absolute);
      try {
        EmbeddedDatabase database =
            new EmbeddedDatabase(
                PostgresBinaries.unpacked(), absolute.toRealPath(), lock, password(absolute));
        database.startOrAdopt();
        return database;
      } catch (IOException | RuntimeException e) {
        lock.channel().close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("can't open the database under " + absolute, e);
    }
  }

  /** For {@code quarkus.datasource.jdbc.url}; without user and password. */
  public String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  public String user() {
    return USER;
  }

  public String password() {
    return password;
  }

  /** Whether it ran already when it was opened. */
  public boolean adopted() {
    return adopted;
  }

  /** Stops PostgreSQL, adopted or not: sessions end, open transactions are rolled back. */
  @Override
  public void close() {
    try {
      run(
          binaries.program("pg_ctl"),
          "stop",
          "-D",
          data().toString(),
          "-m",
          "fast",
          "-w",
          "-t",
          "30");
      lock.channel().close();
    } catch (IOException e) {
      throw new UncheckedIOException("can't stop the database under " + home, e);
    }
  }

  private Path data() {
    return home.resolve("postgres");
  }

  private Path log() {
    return home.resolve("postgres.log");
  }

  private void startOrAdopt() throws IOException {
    if (!Files.exists(data())) {
      initialize();
    }
    Optional<Postmaster> running = Postmaster.of(data());
    if (running.isPresent() && running.get().awaitReady(USER, password, PATIENCE)) {
      port = running.get().port();
      adopted = true;
      return;
    }
    port = freePort();
    StringBuilder options = new StringBuilder("-p ").append(port);
    SETTINGS.forEach(
        (k, v) -> options.append(" -c ").append(k).append("='").append(v).append('\''));
    // its log begins anew with each start, so it can't grow for ever
    Files.deleteIfExists(log());
    String seconds = Long.toString(PATIENCE.toSeconds());
    try {
      run(
          binaries.program("pg_ctl"),
          "start",
          "-D",
          data().toString(),
          "-l",
          log().toString(),
          "-o",
          options.toString(),
          "-w",
          "-t",
          seconds);
    } catch (IllegalStateException e) {
      throw new IllegalStateException(e.getMessage() + "\n" + read(log()), e);
    }
  }

  private void initialize() throws IOException {
    // beside, then moved: an initdb that was cut off leaves nothing that looks like a database
    Path fresh = Files.createTempDirectory(home, "postgres-new-");
    run(
        binaries.program("initdb"),
        "-D",
        fresh.toString(),
        "-U",
        USER,
        "-A",
        "scram-sha-256",
        "--pwfile",
        passwordFile(home).toString(),
        "-E",
        "UTF-8",
        "--locale",
        "C",
        "--no-instructions");
    Files.move(fresh, data(), StandardCopyOption.ATOMIC_MOVE);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Path passwordFile(Path home) {
    return home.resolve("postgres.password");
  }

  private static String password(Path home) throws IOException {
    Path file = passwordFile(home);
    if (!Files.exists(file)) {
      byte[] random = new byte[24];
      new SecureRandom().nextBytes(random);
      Path fresh =
          Files.createTempFile(
              home,
              "postgres-password-",
              "",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(fresh, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
    return Files.readString(file).strip();
  }

  private static FileLock lock(Path home) throws IOException {
    FileChannel channel =
        FileChannel.open(
            home.resolve("postgres.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    @Nullable FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      throw new IllegalStateException(
          "the database under " + home + " is in use by another Sluice: stop it, or use another");
    }
    return lock;
  }

  private static void run(Stream<String> program, String... arguments) throws IOException {
    List<String> command = Stream.concat(program, Stream.of(arguments)).toList();
    Path output = Files.createTempFile("sluice-postgres-", ".out");
    try {
      // to a file: a pipe would stay open as long as the server that pg_ctl leaves behind
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(command + " did not end\n" + read(output));
      }
      if (process.exitValue() != 0) {
        throw new IllegalStateException(
            command + " ended with " + process.exitValue() + "\n" + read(output));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + command, e);
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private static String read(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
  }
}
