package dev.sluice.intake.document;

import dev.sluice.model.QualityGate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gates of which one may extend another, read parents first. A gate inherits whatever it doesn't
 * say itself; of a mapping, as {@code margin}, key by key.
 */
final class GateFamily {
  private final Vocabulary vocabulary;
  private final Map<String, Head> declared = new LinkedHashMap<>();
  private final Map<Head, QualityGate> read = new LinkedHashMap<>();
  private final Map<Head, Document> sound = new LinkedHashMap<>();

  GateFamily(List<Head> gates, Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
    gates.forEach(head -> declared.putIfAbsent(head.name(), head));
    gates.forEach(head -> gate(head, List.of()));
  }

  /** Those that nothing is wrong with. */
  Map<Head, Document> sound() {
    return sound;
  }

  /** All of them by name; a broken one is known too, so that nobody calls it unknown as well. */
  Map<String, QualityGate> known() {
    Map<String, QualityGate> known = new LinkedHashMap<>();
    declared.forEach((name, head) -> known.put(name, gate(head, List.of())));
    return known;
  }

  /**
   * @param heirs the gates that are being read and extend this one, the youngest first
   */
  private QualityGate gate(Head head, List<String> heirs) {
    QualityGate before = read.get(head);
    if (before != null) {
      return before;
    }
    String extended = head.spec().labelOrNull("extends");
    List<String> line = new ArrayList<>(heirs);
    line.add(head.name());
    QualityGate parent = extended == null ? null : parent(head, extended, line);
    boolean orphan = extended != null && (parent == null || GateReader.isUnsound(parent));
    Document.OfGate document = null;
    // without its parent a gate that names no kind can't be judged
    if (!orphan || head.spec().has("kind")) {
      document = GateReader.read(head, orphan ? null : parent, vocabulary);
    }
    if (document == null || orphan) {
      read.put(head, GateReader.unsound(head.name()));
      return GateReader.unsound(head.name());
    }
    read.put(head, document.value());
    sound.put(head, document);
    return document.value();
  }

  private @Nullable QualityGate parent(Head head, String name, List<String> line) {
    if (line.contains(name)) {
      head.spec()
          .wrong(
              "extends",
              "goes round in a circle: "
                  + String.join(" extends ", line.subList(line.indexOf(name), line.size()))
                  + " extends "
                  + name);
      return null;
    }
    Head here = declared.get(name);
    QualityGate parent = here == null ? vocabulary.gates().get(name) : gate(here, line);
    if (parent == null) {
      List<String> names = new ArrayList<>(vocabulary.gates().keySet());
      names.addAll(declared.keySet());
      names.remove(head.name());
      String near = Spelling.nearest(name, names);
      head.spec()
          .wrong(
              "extends",
              "no gate is called '"
                  + name
                  + "'"
                  + (near == null ? "" : "; did you mean " + near + "?"));
    }
    return parent;
  }
}
