package dev.sluice.intake.document;

import dev.sluice.model.Problem;
import dev.sluice.model.QualityGate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the documents of 6-interfaces: files and request bodies, by one validator. */
public final class Documents {
  /** The only {@code apiVersion} there is; it may be left out. */
  public static final String API_VERSION = "sluice.dev/v1alpha1";

  private static final List<String> KINDS =
      List.of("ModelService", "ModelVersion", "Pipeline", "QualityGate", "GoldenSet");

  private Documents() {}

  /** A document's head: what it is, what it is called, and the rest unread. */
  private record Head(
      String kind, String name, Map<String, String> labels, Fields spec, String json) {}

  /**
   * All documents of a text; they may refer to each other as to what the vocabulary knows.
   *
   * @throws InvalidDocument with everything that is wrong with any of them
   */
  public static List<Document> read(String text, Syntax syntax, Vocabulary vocabulary) {
    Problems problems = new Problems();
    List<Head> heads = new ArrayList<>();
    for (Node node : syntax.parse(text)) {
      problems.refuseUnkept(node, "");
      Head head = head(node, problems);
      if (head != null) {
        heads.add(head);
      }
    }
    refuseTwins(heads, problems);
    Map<Head, Document> read = new LinkedHashMap<>();
    Map<String, QualityGate> gates = new LinkedHashMap<>();
    Set<String> goldenSets = new HashSet<>();
    // gates first, for pipelines refer to them; a broken gate is still known by its name
    for (Head head : heads) {
      if (head.kind().equals("QualityGate")) {
        Document.OfGate gate =
            GateReader.read(head.name(), head.spec(), head.json(), vocabulary, problems);
        gates.put(head.name(), gate == null ? GateReader.unsound(head.name()) : gate.value());
        if (gate != null) {
          read.put(head, gate);
        }
      } else if (head.kind().equals("GoldenSet")) {
        Document.OfGolden golden =
            GoldenReader.read(head.name(), head.spec(), head.json(), problems);
        goldenSets.add(head.name());
        if (golden != null) {
          read.put(head, golden);
        }
      }
    }
    Vocabulary wider = vocabulary.with(gates, goldenSets);
    for (Head head : heads) {
      Document document = rest(head, wider, problems);
      if (document != null) {
        read.put(head, document);
      }
    }
    problems.refuse();
    return heads.stream().map(read::get).toList();
  }

  /**
   * The one document of a text.
   *
   * @param kind what it must be
   * @param name what it must be called
   * @throws InvalidDocument with everything that is wrong with it
   */
  public static Document one(
      String text, Syntax syntax, String kind, String name, Vocabulary vocabulary) {
    List<Document> documents = read(text, syntax, vocabulary);
    Document first = documents.getFirst();
    List<Problem> wrong = new ArrayList<>();
    if (documents.size() > 1) {
      wrong.add(new Problem("", 0, 0, "must be one document, were " + documents.size()));
    }
    if (!first.kind().equals(kind)) {
      wrong.add(new Problem("kind", 0, 0, "must be " + kind + ", was '" + first.kind() + "'"));
    }
    if (!first.name().equals(name)) {
      wrong.add(
          new Problem(
              "metadata.name",
              0,
              0,
              "must be '" + name + "' as the address says, was '" + first.name() + "'"));
    }
    if (!wrong.isEmpty()) {
      throw new InvalidDocument(false, wrong);
    }
    return first;
  }

  private static @Nullable Head head(Node node, Problems problems) {
    int before = problems.count();
    Fields root = new Fields(node, "", problems);
    String apiVersion = root.text("apiVersion", API_VERSION);
    if (!apiVersion.equals(API_VERSION)) {
      root.wrong("apiVersion", "must be " + API_VERSION + ", was '" + apiVersion + "'");
    }
    String kind = root.text("kind");
    if (!kind.isEmpty() && !KINDS.contains(kind)) {
      String near = Spelling.nearest(kind, KINDS);
      root.wrong(
          "kind",
          "must be one of "
              + String.join(", ", KINDS)
              + ", was '"
              + kind
              + "'"
              + (near == null ? "" : "; did you mean " + near + "?"));
    }
    Fields metadata = root.requiredObject("metadata");
    String name = root.has("metadata") ? metadata.label("name") : "";
    Map<String, String> labels =
        kind.equals("ModelService") ? metadata.textMap("labels") : Map.of();
    if (root.has("metadata")) {
      metadata.end();
    }
    Fields spec = root.requiredObject("spec");
    root.end();
    return problems.count() > before && !(KINDS.contains(kind) && root.has("spec"))
        ? null
        : new Head(kind, name, labels, spec, canonical(node));
  }

  private static String canonical(Node node) {
    List<Node.Entry> entries = new ArrayList<>();
    if (node instanceof Node.Mapping mapping) {
      entries.addAll(mapping.entries());
      if (mapping.entry("apiVersion") == null) {
        entries.add(
            new Node.Entry(
                "apiVersion",
                Node.Place.UNKNOWN,
                new Node.Scalar(Node.Type.TEXT, API_VERSION, Node.Place.UNKNOWN)));
      }
    }
    return Json.canonical(new Node.Mapping(entries, node.at()));
  }

  private static void refuseTwins(List<Head> heads, Problems problems) {
    Set<List<String>> seen = new HashSet<>();
    for (Head head : heads) {
      if (!seen.add(List.of(head.kind(), head.name()))) {
        problems.add(
            "metadata.name",
            head.spec().at(),
            head.kind() + " '" + head.name() + "' is there twice");
      }
    }
  }

  private static @Nullable Document rest(Head head, Vocabulary vocabulary, Problems problems) {
    return switch (head.kind()) {
      case "ModelService" ->
          ServiceReader.read(
              head.name(), head.labels(), head.spec(), head.json(), vocabulary, problems);
      case "ModelVersion" -> VersionReader.read(head.name(), head.spec(), head.json(), problems);
      case "Pipeline" ->
          PipelineReader.read(head.name(), head.spec(), head.json(), vocabulary, problems);
      default -> null;
    };
  }
}
