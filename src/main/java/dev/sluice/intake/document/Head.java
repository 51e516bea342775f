package dev.sluice.intake.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A document's head: what it is, what it is called, and the rest unread.
 *
 * @param named where its name stands
 * @param labels of a model service; nothing else has any
 * @param json canonical text of the whole
 * @param sound whether nothing is wrong with the head itself; else the rest is read for its
 *     problems alone
 * @param problems of the source it is in
 */
record Head(
    Source source,
    String kind,
    String name,
    Node.Place named,
    Map<String, String> labels,
    Fields spec,
    String json,
    boolean sound,
    Problems problems) {
  /** The only {@code apiVersion} there is; it may be left out. */
  static final String API_VERSION = "sluice.dev/v1alpha1";

  static final List<String> KINDS =
      List.of("ModelService", "ModelVersion", "Pipeline", "QualityGate", "GoldenSet");

  /** The head of a document; null where nothing more can be said of the document without one. */
  static @Nullable Head of(Node node, Source source, Problems problems) {
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
    boolean sound = problems.count() == before;
    return sound || (KINDS.contains(kind) && root.has("spec"))
        ? new Head(
            source, kind, name, metadata.at("name"), labels, spec, canonical(node), sound, problems)
        : null;
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
}
