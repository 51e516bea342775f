package dev.sluice.intake.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.intake.TestGates;
import dev.sluice.signal.GoldenSet;
import dev.sluice.signal.score.Numeric;
import dev.sluice.signal.score.Scorer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a golden set declares its scorer, and what its items then must have. */
class GoldenScorersTest {
  private static final String LABELLED = "{\"request\": {\"n\": 1}, \"label\": \"7\"}\n";
  private static final String UNLABELLED = "{\"request\": {\"n\": 1}}\n";

  @TempDir private Path directory;

  private Reading read(String scorer, String items) throws IOException {
    byte[] bytes = items.getBytes(StandardCharsets.UTF_8);
    Files.write(directory.resolve("items.jsonl"), bytes);
    Path file =
        Files.writeString(
            directory.resolve("golden.yaml"),
            """
            kind: GoldenSet
            metadata: {name: g}
            spec:
              path: /x
              items: items.jsonl
              digest: "%s"
              scorer: %s
            """
                .formatted(Json.digest(bytes), scorer));
    return Documents.read(
        List.of(Source.file(file)), new Vocabulary(TestGates.KINDS, Map.of(), Set.of(), Set.of()));
  }

  private GoldenSet sound(String scorer, String items) throws IOException {
    Reading reading = read(scorer, items);
    assertThat(reading.problems()).isEmpty();
    return Objects.requireNonNull(
        ((Document.OfGolden) reading.documents().getFirst().document()).value());
  }

  private List<String> problems(String scorer, String items) throws IOException {
    return read(scorer, items).problems().values().stream()
        .flatMap(List::stream)
        .map(Object::toString)
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exact | exact",
        "numeric | 'numeric, within 0.0 or 0.0 of the label'",
        "'{numeric: {absolute: 0.5, relative: 1%}}' | 'numeric, within 0.5 or 0.01 of the label'",
        "'{label: {labels: [\"7\", \"8\"]}}' | 'label, one of 7, 8'",
        "token-f1 | token-f1",
        "chrf | chrf",
        "'{judge: {name: helpful}}' | judge helpful"
      })
  void everyScorerThatComparesReadsItsLabels(String scorer, String told) throws IOException {
    GoldenSet set = sound(scorer, LABELLED);
    assertThat(set.scorer().told()).isEqualTo(told);
    assertThat(set.items().getFirst().labels()).containsExactly("7");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'{json-schema: {schema: {type: object}}}' | json-schema",
        "'{patterns: {must: [a], never: [b, c]}}'"
            + " | 'patterns, 1 that must be found and 2 that must not'",
        "'{judge: {name: helpful}}' | judge helpful"
      })
  void othersNeedNone(String scorer, String told) throws IOException {
    assertThat(sound(scorer, UNLABELLED).scorer()).extracting(Scorer::told).isEqualTo(told);
  }

  @Test
  void aShareOfTheLabelIsReadAsARatio() throws IOException {
    assertThat(sound("{numeric: {relative: 2.5%}}", LABELLED).scorer())
        .isEqualTo(new Numeric(0, .025));
  }

  @Test
  void severalAnswersMayBeRight() throws IOException {
    GoldenSet set = sound("exact", "{\"request\": {}, \"label\": [\"7\", \"seven\"]}\n");
    assertThat(set.items().getFirst().labels()).containsExactly("7", "seven");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bleu | must be one of exact, numeric, label, token-f1, chrf, json-schema, patterns, judge",
        "'[exact]' | 'must be a word, or a mapping of one word'",
        "'{exact: {}, chrf: {}}' | 'must be a word, or a mapping of one word'",
        "'{exact: {case: lower}}' | spec.scorer.exact.case: is unknown",
        "'{numeric: {absolute: -1}}' | 'spec.scorer.numeric.absolute: must be 0 or more, was -1.0'",
        "'{numeric: {relative: 200%}}' | spec.scorer.numeric.relative",
        "label | 'must be two or more labels'",
        "'{label: {labels: [a]}}' | 'must be two or more labels'",
        "'{label: {labels: [\"8\", \"9\"]}}' | 'must be one of 8, 9, was ''7'''",
        "json-schema | schema: is missing",
        "'{json-schema: {schema: {type: objekt}}}' | spec.scorer.json-schema.schema: is no JSON Schema",
        "'{json-schema: {schema: {type: object}}}' | label: is not asked for by scorer json-schema",
        "patterns | 'one of them must have a pattern'",
        "'{patterns: {must: [\"(\"]}}' | 'spec.scorer.patterns.must[0]: must be a regular expression'",
        "'{patterns: {must: [\"(?=a)\"]}}' | 'was ''(?=a)'''",
        "judge | name: is missing",
        "'{judge: {name: helpful, url: \"http://x\"}}' | spec.scorer.judge.url: is unknown"
      })
  void whatIsWrongIsNamedWithItsPlace(String scorer, String problem) throws IOException {
    assertThat(problems(scorer, LABELLED)).anySatisfy(p -> assertThat(p).contains(problem));
  }

  @Test
  void everyItemThatDoesNotFitTheScorerIsNamed() throws IOException {
    assertThat(
            problems(
                "numeric",
                UNLABELLED
                    + "{\"request\": {\"n\": 2}, \"label\": [\"7\", \"seven\"]}\n"
                    + "{\"request\": {\"n\":2.0}, \"label\": \"2\"}\n"))
        .containsExactly(
            "1:1: label: is missing",
            "2:32: label: must be a number, was 'seven', for scorer numeric",
            "3:13: request: is that of line 2");
  }
}
