package dev.sluice.demo;

import io.quarkus.bootstrap.app.CuratedApplication;
import io.quarkus.bootstrap.app.QuarkusBootstrap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A checkout of the program with the build that {@code ./sluice} starts, made of the classes under
 * test.
 *
 * <p>Maven on a JDK before 21 does not package (docs/adr/0002), and a test that only runs where it
 * does is a test that doesn't run. So this packages by itself, by the same call as {@code
 * quarkus:build}, in a JVM of its own: the one that tests run in belongs to {@code @QuarkusTest}.
 */
final class Checkout {
  private static final Path PROJECT = Path.of("").toAbsolutePath();
  private static final Path ROOT = PROJECT.resolve("target/program-it");
  private static boolean made;

  private Checkout() {}

  /** Where it lies; made at the first call. */
  static synchronized Path root() throws IOException, InterruptedException {
    if (!made) {
      delete(ROOT);
      for (String part : List.of("sluice", "pom.xml", "pipelines", "quality-gates")) {
        copy(PROJECT.resolve(part), ROOT.resolve(part));
      }
      Files.createDirectories(ROOT.resolve("src/main"));
      Files.createDirectories(ROOT.resolve("target"));
      build();
      made = true;
    }
    return ROOT;
  }

  /** The JDK that tests run on. */
  static Path jdk() {
    return Path.of(System.getProperty("java.home"));
  }

  private static void build() throws IOException, InterruptedException {
    Path log = ROOT.resolve("target/build.log");
    List<String> command = new ArrayList<>(List.of(jdk().resolve("bin/java").toString()));
    String repository = System.getProperty("maven.repo.local");
    if (repository != null) {
      command.add("-Dmaven.repo.local=" + repository);
    }
    command.add("-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Checkout.class.getName());
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    boolean ended = process.waitFor(3, TimeUnit.MINUTES);
    if (!ended || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException("packaging failed:\n" + Files.readString(log));
    }
  }

  /** Packages {@code target/classes} into {@code target/program-it/target/quarkus-app}. */
  public static void main(String... none) throws Exception {
    try (CuratedApplication application =
        QuarkusBootstrap.builder()
            .setApplicationRoot(PROJECT.resolve("target/classes"))
            .setProjectRoot(PROJECT)
            .setTargetDirectory(ROOT.resolve("target"))
            .setBaseName("sluice")
            .setOriginalBaseName("sluice")
            .setMode(QuarkusBootstrap.Mode.PROD)
            .setLocalProjectDiscovery(true)
            .setIsolateDeployment(false)
            .build()
            .bootstrap()) {
      var unused = application.createAugmentor().createProductionApplication();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        Files.createDirectories(target.getParent());
        Files.copy(path, target);
      }
    }
  }

  static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
