package dev.sluice.intake.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.intake.TestGates;
import dev.sluice.model.QualityGate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every file of {@code intake/invalid} with the problems that {@code <file>.problems} lists: all of
 * them, in reading order, with line and column.
 */
class InvalidDocumentsTest {
  private static final Path CASES = Path.of("src/test/resources/intake/invalid");

  static final Vocabulary VOCABULARY =
      new Vocabulary(
          TestGates.KINDS,
          Stream.of(
                  gate("anywhere", "anywhere", 0),
                  gate("shadow-only", "shadow-only", 0),
                  gate("errors", "errors", .3),
                  gate("latency", "latency", .3),
                  gate("validity", "output-validity", 0))
              .collect(Collectors.toMap(QualityGate::name, gate -> gate)),
          Set.of("digits"),
          Set.of("api.allowed.example"));

  private static QualityGate gate(String name, String kind, double weight) {
    return new QualityGate(name, kind, QualityGate.Mode.ENFORCE, weight, Map.of());
  }

  static List<Path> cases() throws IOException {
    try (Stream<Path> files = Files.list(CASES)) {
      return files.filter(p -> !p.toString().endsWith(".problems")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void allProblemsOfAFileAreNamedAtOnceWithTheirPlaces(Path file) {
    InvalidDocument invalid =
        catchThrowableOfType(
            InvalidDocument.class, () -> Documents.read(text(file), syntax(file), VOCABULARY));
    assertThat(invalid).isNotNull();
    assertThat(invalid.malformed())
        .isEqualTo(file.getFileName().toString().startsWith("malformed-"));
    List<String> expected = text(Path.of(file + ".problems")).lines().toList();
    assertThat(invalid.problems().stream().map(Object::toString))
        .containsExactlyElementsOf(expected);
  }

  private static Syntax syntax(Path file) {
    return file.toString().endsWith(".json") ? Syntax.JSON : Syntax.YAML;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
