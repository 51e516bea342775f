package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseIT {
  @TempDir Path home;

  @AfterEach
  void nothingIsLeftRunning() throws Exception {
    Postmaster.of(home.toRealPath().resolve("postgres")).ifPresent(p -> kill(p.process()));
  }

  private static void kill(ProcessHandle process) {
    process.destroyForcibly();
    process.onExit().join();
  }

  private static String ask(EmbeddedDatabase database, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
        Statement statement = connection.createStatement()) {
      if (!statement.execute(sql)) {
        return "";
      }
      try (ResultSet rows = statement.getResultSet()) {
        rows.next();
        return rows.getString(1);
      }
    }
  }

  private ProcessHandle postmaster() throws IOException {
    return Postmaster.of(home.toRealPath().resolve("postgres")).orElseThrow().process();
  }

  /** Starts another Sluice that opens the home, and returns it once it has. */
  private Process controller() throws IOException {
    Process controller =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                home.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(controller.inputReader().readLine()).isEqualTo("open");
    return controller;
  }

  /** The other Sluice's main program. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws Exception {
      EmbeddedDatabase database = EmbeddedDatabase.open(Path.of(args[0]));
      ask(database, "CREATE TABLE kept (n int)");
      ask(database, "INSERT INTO kept VALUES (42)");
      System.out.println("open");
      Thread.currentThread().join();
    }
  }

  @Test
  void dataSurvivesCloseAndOpenAndIsWrittenThroughToDisk() throws Exception {
    try (EmbeddedDatabase first = EmbeddedDatabase.open(home)) {
      ask(first, "CREATE TABLE kept (n int)");
      ask(first, "INSERT INTO kept VALUES (42)");
      assertThat(ask(first, "SHOW fsync")).isEqualTo("on");
      assertThat(ask(first, "SHOW synchronous_commit")).isEqualTo("on");
      assertThat(ask(first, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(ask(first, "SHOW unix_socket_directories")).isEmpty();
    }
    assertThat(Postmaster.of(home.toRealPath().resolve("postgres"))).isEmpty();
    try (EmbeddedDatabase again = EmbeddedDatabase.open(home)) {
      assertThat(again.adopted()).isFalse();
      assertThat(ask(again, "SELECT n FROM kept")).isEqualTo("42");
    }
  }

  @Test
  void onlyThePasswordOfItsFileOpensIt() throws Exception {
    try (EmbeddedDatabase database = EmbeddedDatabase.open(home)) {
      Path file = home.resolve("postgres.password");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(Files.readString(file)).isEqualTo(database.password());
      assertThatThrownBy(
              () -> DriverManager.getConnection(database.jdbcUrl(), database.user(), "guess"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("password");
    }
  }

  @Test
  void aHomeThatIsOpenIsNotOpenedTwice() {
    try (EmbeddedDatabase open = EmbeddedDatabase.open(home)) {
      assertThat(open.adopted()).isFalse();
      assertThatThrownBy(() -> EmbeddedDatabase.open(home))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("in use");
    }
  }

  @Test
  void theServerOfAKilledControllerIsAdoptedAndStoppedAtTheEnd() throws Exception {
    kill(controller().toHandle());
    ProcessHandle server = postmaster();

    try (EmbeddedDatabase adopted = EmbeddedDatabase.open(home)) {
      assertThat(adopted.adopted()).isTrue();
      assertThat(postmaster()).isEqualTo(server);
      assertThat(ask(adopted, "SELECT n FROM kept")).isEqualTo("42");
    }

    assertThat(server.onExit().get(10, TimeUnit.SECONDS).isAlive()).isFalse();
  }

  @Test
  void theStaleFileOfADeadServerDoesNotStopTheStart() throws Exception {
    kill(controller().toHandle());
    kill(postmaster());
    assertThat(home.resolve("postgres/postmaster.pid")).exists();

    try (EmbeddedDatabase database = EmbeddedDatabase.open(home)) {
      assertThat(database.adopted()).isFalse();
      assertThat(ask(database, "SELECT n FROM kept")).isEqualTo("42");
    }
  }

  @Test
  void aNumberThatWentToAStrangerIsNotTakenForTheServer() throws Exception {
    EmbeddedDatabase.open(home).close();
    Path file = home.resolve("postgres/postmaster.pid");
    Process stranger = new ProcessBuilder("sleep", "600").start();
    try {
      Files.write(
          file,
          List.of(
              Long.toString(stranger.pid()),
              home.toRealPath().resolve("postgres").toString(),
              "1772366400",
              "1",
              "",
              "127.0.0.1",
              "0 0",
              "ready"));
      try (EmbeddedDatabase database = EmbeddedDatabase.open(home)) {
        assertThat(database.adopted()).isFalse();
        assertThat(ask(database, "SELECT 1")).isEqualTo("1");
      }
      assertThat(stranger.isAlive()).isTrue();
    } finally {
      kill(stranger.toHandle());
    }
  }
}
