package dev.sluice;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.router.Router;
import dev.sluice.store.EmbeddedDatabase;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Runs the controller for keeps. State is in {@code SLUICE_HOME} (by default {@code .sluice}); the
 * database is embedded there unless {@code SLUICE_DB_URL} names another.
 */
final class Serve {
  private static final CountDownLatch STOPPED = new CountDownLatch(1);

  private Serve() {}

  static void run(String... args) {
    if (args.length > 0) {
      System.err.println("sluice: serve takes no arguments, was given '" + args[0] + "'");
      System.exit(64);
    }
    Path root = Path.of(System.getProperty("sluice.root", ".")).toAbsolutePath().normalize();
    try {
      prepare(root, new StartSettings(System.getenv(), System.getProperties()));
    } catch (IOException | RuntimeException e) {
      System.err.println("sluice: can't start: " + e.getMessage());
      System.exit(1);
    }
    Quarkus.run(
        Told.class,
        (code, thrown) -> {
          if (thrown != null) {
            System.err.println("sluice: can't serve: " + reason(thrown));
          }
          STOPPED.countDown();
          System.exit(code == null ? 1 : code);
        });
    STOPPED.countDown();
  }

  /** The innermost cause: what is around it only says that Quarkus didn't start. */
  static String reason(Throwable thrown) {
    Throwable innermost = thrown;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    String message = innermost.getMessage();
    return message == null ? innermost.toString() : message;
  }

  /** What Quarkus has to know before it starts. What the operator set stands. */
  private static void prepare(Path root, StartSettings settings) throws IOException {
    String named = settings.operators("sluice.home");
    Path home = named == null ? root.resolve(".sluice") : Path.of(named);
    home = home.toAbsolutePath().normalize();
    Files.createDirectories(home);
    settings.settle("sluice.home", home.toString());
    settings.suggest("sluice.workload.artifact-root", root.toString());
    settings.suggest("sluice.intake.artifact-directories", root + "," + home);
    settings.suggest("sluice.intake.pipelines-directory", root.resolve("pipelines").toString());
    settings.suggest("sluice.intake.gates-directory", root.resolve("quality-gates").toString());
    String url = settings.operators("sluice.db.url");
    if (url != null) {
      settings.suggest("quarkus.datasource.jdbc.url", url);
    }
    if (settings.operators("quarkus.datasource.jdbc.url") == null) {
      EmbeddedDatabase database = EmbeddedDatabase.open(home);
      settings.suggest("quarkus.datasource.jdbc.url", database.jdbcUrl());
      settings.suggest("quarkus.datasource.username", database.user());
      settings.suggest("quarkus.datasource.password", database.password());
      settings.suggest("sluice.loop.alone", "true");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> closeLast(database), "database"));
    }
  }

  /** The database ends after everything that writes to it. */
  private static void closeLast(EmbeddedDatabase database) {
    try {
      if (!STOPPED.await(20, TimeUnit.SECONDS)) {
        System.err.println("sluice: the database is stopped although the controller still runs");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    database.close();
  }

  /** Once everything is up, tells the command line where: {@code <home>/server}. */
  static final class Told implements QuarkusApplication {
    private final Router router;

    Told(Router router) {
      this.router = router;
    }

    @Override
    public int run(String... args) throws Exception {
      Config config = ConfigProvider.getConfig();
      String host = config.getValue("quarkus.http.host", String.class);
      String port = config.getValue("quarkus.http.port", String.class);
      String url = "http://" + host + ":" + port;
      Path home = Path.of(config.getValue("sluice.home", String.class));
      Map<String, Object> server = new LinkedHashMap<>();
      server.put("url", url);
      server.put("router", "http://" + host + ":" + router.port());
      ProcessHandle self = ProcessHandle.current();
      server.put("pid", self.pid());
      server.put("startedAt", self.info().startInstant().map(Instant::toEpochMilli).orElse(0L));
      Path file = home.resolve("server");
      Path fresh = home.resolve("server.new");
      Files.writeString(fresh, new ObjectMapper().writeValueAsString(server) + "\n");
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      System.out.println("sluice: REST on " + url + ", models on " + server.get("router"));
      Quarkus.waitForExit();
      Files.deleteIfExists(file);
      return 0;
    }
  }
}
