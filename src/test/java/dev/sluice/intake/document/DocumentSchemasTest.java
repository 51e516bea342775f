package dev.sluice.intake.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.sluice.gate.GateKinds;
import dev.sluice.intake.TestGates;
import dev.sluice.model.Problem;
import dev.sluice.model.QualityGate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The published schemas say what the readers do. What a schema refuses the reader refuses; what the
 * reader refuses for its form the schema refuses. Neither an unknown name, nor what two fields say
 * together, nor the range of a text with a unit is a matter of form.
 *
 * <p>In one thing a schema is the stricter: a key with nothing behind it, which the reader takes
 * for left out, it marks.
 */
class DocumentSchemasTest {
  private static final Path PUBLISHED = Path.of("docs/schemas");
  private static final Path CORPUS = Path.of("src/test/resources/intake");
  private static final JsonMapper JSON = new JsonMapper();
  private static final GateKinds SHIPPED = new GateKinds(GateKinds.shipped(Set.of()));
  private static final Map<String, Schema> OF_SHIPPED = schemas(SHIPPED);
  private static final Vocabulary VOCABULARY = readShipped();

  /** What the reader says of a value whose form is wrong, whatever else the document says. */
  private static final Pattern OF_FORM =
      Pattern.compile(
          "is missing(?!, and so).*|is unknown.*|unknown: .*|is no stage.*|must list at least"
              + " .*|must be a (mapping|list|map|text|word|number|whole"
              + " number|size|rate|quantile|method|JSON Pointer|JSON Schema, was|duration"
              + " like).*|must be text.*|must not be blank|must be true or false.*|must be one of"
              + " (?!the (steps|pipeline's)).*|must have one key.*|must be (\\S+ or )+(a map|\\S+),"
              + " was .*|must be bytes .*|must be (process|sluice|operator|sluice.dev/v1alpha1),"
              + " was .*|must be 1\\.\\.63 .*|must be sha256: .*|must be pinned .*|must begin with"
              + " /.*|must be above 0 and below 100.*|must be the (name of a header|command"
              + " line).*|share must look like .*"
              // well formed, it is out of range
              + "|must be a share of .*was (?!'\\s*\\d+(\\.\\d+)?\\s*%\\s*').*"
              + "|must be a time such as .*was (?!'\\s*\\d+(\\.\\d+)?(ms|s|m|h|d)\\s*').*");

  private static final String HEIR =
      """
      kind: QualityGate
      metadata: {name: heir}
      spec:
        extends: promql
        kind: promql
        mode: dry-run
        weight: 10%
        criticality: optional
        minimum: {samples: 500, time: 1m}
        deadline: 1d
        onDeadline: hold
        compared: {atLeast: 90%}
      """;

  private static final String SCORERS =
      Stream.of(
              "numeric: {absolute: 0.5, relative: 1%}",
              "label: {labels: [allow, block]}",
              "json-schema: {schema: {type: object}}",
              "patterns: {must: [a], never: [b]}",
              "judge: {name: helpful}")
          .map(
              scorer ->
                  "kind: GoldenSet\nmetadata: {name: g%s}\nspec: {path: /x, items: x.jsonl, digest: \"sha256:%s\", scorer: {%s}}\n"
                      .formatted(scorer.length(), "ab".repeat(32), scorer))
          .collect(Collectors.joining("---\n"));

  /** Refused by their form are these texts everywhere; some of the others somewhere. */
  private static final List<JsonNode> OTHERWISE =
      List.of(
          JsonNodeFactory.instance.textNode("to be or not"),
          JsonNodeFactory.instance.textNode("  "),
          JsonNodeFactory.instance.textNode("10%"),
          JsonNodeFactory.instance.textNode("5m"),
          JsonNodeFactory.instance.textNode("0s"),
          JsonNodeFactory.instance.textNode("900%"),
          JsonNodeFactory.instance.textNode("64Mi"),
          JsonNodeFactory.instance.numberNode(-1),
          JsonNodeFactory.instance.numberNode(7),
          JsonNodeFactory.instance.numberNode(7.5),
          JsonNodeFactory.instance.numberNode(2_000_000_000),
          JsonNodeFactory.instance.booleanNode(true),
          JsonNodeFactory.instance.arrayNode(),
          JsonNodeFactory.instance.objectNode(),
          JsonNodeFactory.instance.objectNode().put("p50", "10%"));

  @Test
  void schemasThatAreCommittedAreThoseOfTheCode() throws IOException {
    Path fresh = Files.createDirectories(Path.of("target/schemas"));
    Map<String, String> texts = new DocumentSchemas(SHIPPED).texts();
    texts.forEach((file, text) -> write(fresh.resolve(file), text));
    Map<String, String> committed = new HashMap<>();
    try (Stream<Path> files = Files.list(PUBLISHED)) {
      files.forEach(file -> committed.put(file.getFileName().toString(), read(file)));
    }
    assertThat(committed)
        .as("if documents are meant to be others: cp %s/* %s/", fresh, PUBLISHED)
        .containsExactlyInAnyOrderEntriesOf(texts);
  }

  static List<Path> shippedFiles() {
    return Stream.of("pipelines", "quality-gates").flatMap(d -> yaml(Path.of(d))).toList();
  }

  @ParameterizedTest
  @MethodSource("shippedFiles")
  void shippedFileNamesItsSchemaToEditorsAndKeepsIt(Path file) {
    String first = read(file).lines().findFirst().orElse("");
    Pattern modeline = Pattern.compile("# yaml-language-server: \\$schema=(\\S+)");
    var named = modeline.matcher(first);
    assertThat(named.matches()).as(first).isTrue();
    Path schema = file.resolveSibling(named.group(1)).normalize();
    for (Node document : Syntax.YAML.parse(read(file))) {
      assertThat(schema).isEqualTo(PUBLISHED.resolve(DocumentSchemas.file(kind(tree(document)))));
      assertThat(refusal(OF_SHIPPED, tree(document))).isNull();
    }
  }

  static Stream<Path> corpus() {
    return yaml(CORPUS).filter(file -> !file.getFileName().toString().startsWith("malformed"));
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void schemaAndReaderAgreeOnEveryDocumentOfTheCorpus(Path file) {
    Map<String, Schema> schemas = schemas(TestGates.KINDS);
    List<Node> documents = Syntax.YAML.parse(read(file));
    List<Problem> problems = problems(read(file), Syntax.YAML, InvalidDocumentsTest.VOCABULARY);
    for (int i = 0; i < documents.size(); i++) {
      int from = documents.get(i).at().line();
      int to = i + 1 < documents.size() ? documents.get(i + 1).at().line() : Integer.MAX_VALUE;
      JsonNode document = tree(documents.get(i));
      assertAgreed(
          problems.stream().filter(p -> p.line() >= from && p.line() < to).toList(),
          schemas,
          document);
    }
  }

  /**
   * What the gate it extends may say, its schema can't miss in an heir, nor explain by its kind.
   */
  private static boolean visible(Problem problem, JsonNode document) {
    boolean heir = document.at("/spec/extends").isTextual();
    boolean known = !heir || document.at("/spec/kind").isTextual();
    String key = problem.path().replaceFirst("^spec\\.?([^.\\[]*).*", "$1");
    boolean ofParameters =
        kind(document).equals("QualityGate")
            && problem.path().startsWith("spec.")
            && !GateReader.ENVELOPE.contains(key);
    return !ofParameters || (known && !(heir && problem.message().startsWith("is missing")));
  }

  static Stream<Document> sound() {
    Reading shipped = Documents.read(shippedSources(), vocabulary(Map.of(), Set.of()));
    return Stream.concat(
        shipped.documents().stream().map(Reading.Found::document),
        Stream.of(DocumentsTest.SERVICE, DocumentsTest.CHAT, DocumentsTest.VERSION, HEIR, SCORERS)
            .flatMap(text -> Documents.read(text, Syntax.YAML, VOCABULARY).stream()));
  }

  /** Each value of a sound document in turn gives way to others, is left out, and gets a twin. */
  @ParameterizedTest
  @MethodSource("sound")
  void schemaAndReaderAgreeOnEveryChangeOfASoundDocument(Document document) throws IOException {
    JsonNode whole = JSON.readTree(document.json());
    assertThat(refusal(OF_SHIPPED, whole)).isNull();
    List<JsonNode> changed = new ArrayList<>();
    change(whole, changed, () -> whole);
    assertThat(changed).hasSizeGreaterThan(50);
    for (JsonNode mutant : changed) {
      assertAgreed(problems(mutant.toString(), Syntax.JSON, VOCABULARY), OF_SHIPPED, mutant);
    }
  }

  /** Every document that differs from {@code whole} in one place below {@code here}. */
  private static void change(JsonNode here, List<JsonNode> changed, Supplier<JsonNode> whole) {
    if (here instanceof ObjectNode mapping) {
      List<String> keys = new ArrayList<>();
      mapping.fieldNames().forEachRemaining(keys::add);
      for (String key : keys) {
        JsonNode value = mapping.get(key);
        each(other -> mapping.set(key, other), changed, whole);
        mapping.remove(key);
        changed.add(whole.get().deepCopy());
        mapping.set(key, value);
        change(value, changed, whole);
      }
      mapping.put("sluicegate", "1");
      changed.add(whole.get().deepCopy());
      mapping.remove("sluicegate");
    } else if (here instanceof ArrayNode list) {
      for (int i = 0; i < list.size(); i++) {
        int at = i;
        JsonNode value = list.get(i);
        each(other -> list.set(at, other), changed, whole);
        list.set(at, value);
        change(value, changed, whole);
      }
    }
  }

  private static void each(
      Consumer<JsonNode> put, List<JsonNode> changed, Supplier<JsonNode> whole) {
    for (JsonNode other : OTHERWISE) {
      put.accept(other.deepCopy());
      changed.add(whole.get().deepCopy());
    }
  }

  private static void assertAgreed(
      List<Problem> problems, Map<String, Schema> schemas, JsonNode document) {
    String refusal = refusal(schemas, document);
    if (refusal != null) {
      assertThat(problems).as("only the schema says %s of %s", refusal, document).isNotEmpty();
    } else {
      assertThat(problems.stream().filter(problem -> visible(problem, document)))
          .as("a matter of form that the schema doesn't see, of %s", document)
          .noneMatch(problem -> OF_FORM.matcher(problem.message()).matches());
    }
  }

  private static List<Problem> problems(String text, Syntax syntax, Vocabulary vocabulary) {
    try {
      Documents.read(text, syntax, vocabulary);
      return List.of();
    } catch (InvalidDocument invalid) {
      return invalid.problems();
    }
  }

  private static @Nullable String refusal(Map<String, Schema> schemas, JsonNode document) {
    Schema schema = schemas.get(DocumentSchemas.file(kind(document)));
    if (schema == null) {
      return "no such kind";
    }
    return schema.validate(document).stream().map(Object::toString).findFirst().orElse(null);
  }

  private static String kind(JsonNode document) {
    return document.path("kind").asText("none");
  }

  private static Map<String, Schema> schemas(GateKinds kinds) {
    SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    Map<String, Schema> schemas = new HashMap<>();
    new DocumentSchemas(kinds)
        .texts()
        .forEach(
            (file, text) -> {
              if (!file.startsWith("document.")) {
                schemas.put(file, registry.getSchema(text));
              }
            });
    return schemas;
  }

  private static JsonNode tree(Node node) {
    try {
      return JSON.readTree(Json.text(node));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Vocabulary readShipped() {
    Map<String, QualityGate> gates = new HashMap<>();
    Set<String> sets = new TreeSet<>();
    for (Reading.Found found :
        Documents.read(shippedSources(), vocabulary(Map.of(), Set.of())).documents()) {
      if (found.document() instanceof Document.OfGate gate) {
        gates.put(gate.name(), gate.value());
      } else if (found.document() instanceof Document.OfGolden golden) {
        sets.add(golden.name());
      }
    }
    return vocabulary(gates, sets);
  }

  private static Vocabulary vocabulary(Map<String, QualityGate> gates, Set<String> sets) {
    return new Vocabulary(SHIPPED, gates, sets, Set.of("api.allowed.example"));
  }

  private static List<Source> shippedSources() {
    return shippedFiles().stream()
        .map(
            file -> {
              try {
                return Source.file(file);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .toList();
  }

  private static Stream<Path> yaml(Path directory) {
    try (Stream<Path> found = Files.walk(directory)) {
      return found.filter(p -> p.toString().endsWith(".yaml")).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
