package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code sluice}, with JDKs and a Maven that only say what they were asked. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherTest {
  @TempDir private Path directory;
  private Path root = Path.of("");
  private Path jar = Path.of("");
  private final Map<String, String> environment = new LinkedHashMap<>();

  @BeforeEach
  void layOut() throws IOException {
    root = Files.createDirectories(directory.toRealPath().resolve("a checkout"));
    Files.copy(Path.of("sluice"), root.resolve("sluice"));
    assertThat(root.resolve("sluice").toFile().setExecutable(true)).isTrue();
    Files.createDirectories(root.resolve("src/main"));
    old(Files.writeString(root.resolve("pom.xml"), "<project/>"));
    old(root.resolve("src/main"));
    jar = root.resolve("target/quarkus-app/quarkus-run.jar");
    environment.put("HOME", directory.toString());
    environment.put("PATH", directory.resolve("bin") + ":/usr/bin:/bin");
    Files.createDirectories(directory.resolve("bin"));
  }

  private static void old(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
  }

  private void built() throws IOException {
    Files.createDirectories(jar.getParent());
    Files.writeString(jar, "");
  }

  /** A JDK of that version that echoes its home and arguments. */
  private Path jdk(String home, String version) throws IOException {
    Path at = directory.resolve(home);
    Files.createDirectories(at.resolve("bin"));
    Files.writeString(at.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    script(at.resolve("bin/java"), "echo \"" + home + "\"; printf '%s\\n' \"$@\"");
    script(at.resolve("bin/javac"), "exit 0");
    return at;
  }

  private static void script(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private record Ran(int status, String out, String err) {}

  private Process start(String... arguments) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(root.resolve("sluice").toString());
    builder.command().addAll(java.util.List.of(arguments));
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static Ran ended(Process process) throws IOException, InterruptedException {
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ran(process.exitValue(), out, err);
  }

  private Ran run(String... arguments) throws IOException, InterruptedException {
    return ended(start(arguments));
  }

  @Test
  void javaHomeWinsWhenItIsNewEnough() throws Exception {
    built();
    jdk(".sdkman/candidates/java/99", "99.0.1");
    environment.put("JAVA_HOME", jdk("mine", "21.0.5").toString());

    Ran ran = run("service", "list", "-o", "json");

    assertThat(ran.status()).isZero();
    assertThat(ran.out().lines())
        .startsWith("mine")
        .contains("-XX:TieredStopAtLevel=1", "-Dsluice.root=" + root)
        .doesNotContain("--sun-misc-unsafe-memory-access=allow")
        .endsWith("-jar", jar.toString(), "service", "list", "-o", "json");
    assertThat(ran.err()).isEmpty();
  }

  @Test
  void otherwiseTheNewestIsTaken() throws Exception {
    built();
    environment.put("JAVA_HOME", jdk("old", "17.0.9").toString());
    jdk(".sdkman/candidates/java/98", "98");
    jdk(".sdkman/candidates/java/99", "99-ea");
    jdk(".jdks/ancient", "1.8.0_392");

    Ran ran = run("serve");

    assertThat(ran.out().lines())
        .startsWith(".sdkman/candidates/java/99")
        .contains("--sun-misc-unsafe-memory-access=allow")
        .doesNotContain("-XX:TieredStopAtLevel=1")
        .endsWith("serve");
  }

  @Test
  void worksThroughALinkFromElsewhere() throws Exception {
    built();
    environment.put("JAVA_HOME", jdk("mine", "25").toString());
    Path link = directory.resolve("bin/sluice");
    Files.createSymbolicLink(link, Path.of("../a checkout/sluice"));
    ProcessBuilder builder = new ProcessBuilder(link.toString(), "demo");
    builder.environment().clear();
    builder.environment().putAll(environment);

    assertThat(ended(builder.start()).out().lines()).contains("-Dsluice.root=" + root);
  }

  @Test
  void buildsOnceForTwoWhoComeAtTheSameTime() throws Exception {
    environment.put("JAVA_HOME", jdk("mine", "25").toString());
    maven("sleep 1; mkdir -p target/quarkus-app; : > target/quarkus-app/quarkus-run.jar");

    Process one = start("service", "list");
    Process two = start("version", "list");
    Ran first = ended(one);
    Ran second = ended(two);

    assertThat(first.status()).isZero();
    assertThat(second.status()).isZero();
    assertThat(first.err() + second.err())
        .isEqualTo("building Sluice (first use, a minute or two)...\n");
    assertThat(Files.readAllLines(directory.resolve("builds")))
        .singleElement()
        .asString()
        .contains("package", "-Dmaven.test.skip=true");
  }

  @Test
  void buildsAgainOnlyWhenASourceIsNewer() throws Exception {
    environment.put("JAVA_HOME", jdk("mine", "25").toString());
    maven("exit 0");
    built();
    assertThat(run("demo").err()).isEmpty();
    Path source = Files.writeString(root.resolve("src/main/New.java"), "class New {}");
    Files.setLastModifiedTime(
        source, FileTime.from(Files.getLastModifiedTime(jar).toInstant().plusMillis(5)));

    assertThat(run("demo").err()).startsWith("building Sluice");
    assertThat(Files.readAllLines(directory.resolve("builds"))).hasSize(1);
  }

  @Test
  void failedBuildShowsItsLog() throws Exception {
    environment.put("JAVA_HOME", jdk("mine", "25").toString());
    maven("echo 'cannot find symbol'; exit 1");

    Ran ran = run("demo");

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err().lines())
        .containsExactly(
            "building Sluice (first use, a minute or two)...",
            "cannot find symbol",
            "sluice: the build failed; all of it is in " + root.resolve("target/sluice-build.log"));
  }

  private void maven(String body) throws IOException {
    script(
        directory.resolve("bin/mvn"),
        "echo \"$@\" >> '" + directory.resolve("builds") + "'\n" + body);
  }
}
