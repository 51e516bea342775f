package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files of {@code pipelines/ci} call a command line that there is. */
class CiExamplesTest {
  private static final Path CI = Path.of("pipelines/ci");

  /** What a CI system hands to a shell, a text each. */
  private static List<String> scripts(Path file) throws IOException {
    if (file.toString().endsWith(".sh")) {
      return List.of(Files.readString(file));
    }
    Object read = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
    List<String> scripts = new ArrayList<>();
    collect("", read, scripts);
    return scripts;
  }

  private static void collect(String key, Object node, List<String> scripts) {
    if (node instanceof Map<?, ?> map) {
      map.forEach((k, value) -> collect(String.valueOf(k), value, scripts));
    } else if (node instanceof List<?> list) {
      list.forEach(item -> collect(key, item, scripts));
    } else if (key.equals("run") || key.equals("script")) {
      scripts.add(String.valueOf(node));
    }
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(CI)) {
      return files.filter(file -> !file.toString().endsWith(".md")).sorted().toList();
    }
  }

  @Test
  void thereIsOneForEachSystemThatTheGuideNames() throws IOException {
    String guide = Files.readString(CI.resolve("README.md"));
    assertThat(files()).hasSize(3).allMatch(file -> guide.contains("](" + file.getFileName()));
  }

  @TestFactory
  Stream<DynamicTest> everyCallIsOneThatTheCommandLineTakes() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path file : files()) {
      List<String> calls =
          scripts(file).stream()
              .flatMap(script -> script.replaceAll("\\\\\\R\\s*", " ").lines())
              .map(String::strip)
              .filter(line -> line.startsWith("sluice "))
              .toList();
      tests.add(DynamicTest.dynamicTest(file + " calls", () -> assertThat(calls).isNotEmpty()));
      for (String call : calls) {
        tests.add(DynamicTest.dynamicTest(call, () -> assertTaken(call)));
      }
    }
    return tests.stream();
  }

  /** It is refused for being unreachable, not for being misspelt. */
  private static void assertTaken(String call) {
    StringWriter err = new StringWriter();
    List<String> words =
        Stream.of(call.split("\\s+(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)"))
            .skip(1)
            .map(word -> word.replace("\"", ""))
            .toList();
    assertThat(call).doesNotContain("'", "|", ";");
    List<String> noSuch = new ArrayList<>(words);
    noSuch.add("--no-such-option");
    assertThat(run(err, words)).as(err.toString()).isNotEqualTo(ExitCode.USAGE);
    assertThat(run(err, noSuch)).isEqualTo(ExitCode.USAGE);
  }

  /** Nobody answers there: whatever is well said fails to be asked. */
  private static int run(StringWriter err, List<String> words) {
    return SluiceCommand.run(
        new PrintWriter(new StringWriter()),
        new PrintWriter(err),
        Map.of("SLUICE_SERVER", "http://127.0.0.1:1", "SLUICE_TOKEN", "slc_none"),
        Path.of("."),
        words.toArray(String[]::new));
  }
}
