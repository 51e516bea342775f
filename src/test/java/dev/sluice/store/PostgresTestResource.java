package dev.sluice.store;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * A real PostgreSQL for {@code @QuarkusTest} classes:
 * {@code @QuarkusTestResource(PostgresTestResource.class)}. All classes of one test JVM share it,
 * so tests that claim begin with {@link #wipe}.
 */
public class PostgresTestResource implements QuarkusTestResourceLifecycleManager {
  // properties of the JVM, not static fields: Quarkus may load this class more than once
  private static final String URL = "sluice.test.database.url";
  private static final String PASSWORD = "sluice.test.database.password";

  @Override
  public Map<String, String> start() {
    if (System.getProperty(URL) == null) {
      open();
    }
    return Map.of(
        "quarkus.datasource.jdbc.url", System.getProperty(URL),
        "quarkus.datasource.username", "postgres",
        "quarkus.datasource.password", System.getProperty(PASSWORD));
  }

  private static void open() {
    try {
      Path home = Files.createTempDirectory("sluice-test-database-");
      EmbeddedDatabase database = EmbeddedDatabase.open(home);
      System.setProperty(URL, database.jdbcUrl());
      System.setProperty(PASSWORD, database.password());
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(database, home)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void end(EmbeddedDatabase database, Path home) {
    database.close();
    try (Stream<Path> paths = Files.walk(home)) {
      paths.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(f -> f.delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The database is the JVM's, not one application's: it ends with the JVM. */
  @Override
  public void stop() {}

  /** Empties every table. */
  public static void wipe(DataSource database) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          DO $$ BEGIN EXECUTE (
            SELECT 'TRUNCATE ' || string_agg(quote_ident(tablename), ', ') FROM pg_tables
            WHERE schemaname = 'public' AND tablename <> 'flyway_schema_history');
          END $$""");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
