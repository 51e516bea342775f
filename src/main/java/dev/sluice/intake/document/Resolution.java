package dev.sluice.intake.document;

import dev.sluice.model.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads texts whose documents may refer to each other, in whatever order they stand: gates and
 * golden sets before the pipelines that name them. One use, one thread.
 */
final class Resolution {
  private final Vocabulary vocabulary;
  private final SequencedMap<String, Problems> problems = new LinkedHashMap<>();
  private final List<Head> heads = new ArrayList<>();

  /**
   * @param vocabulary what there is beside these texts
   */
  Resolution(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
  }

  void add(Source source, List<Node> documents) {
    Problems own = problems(source.name());
    for (Node node : documents) {
      own.refuseUnkept(node, "");
      Head head = Head.of(node, source, own);
      if (head != null) {
        heads.add(head);
      }
    }
  }

  /** What is wrong with a source that could not be parsed. */
  void refused(String source, List<Problem> found) {
    problems(source).addAll(found);
  }

  private Problems problems(String file) {
    return problems.computeIfAbsent(file, name -> new Problems());
  }

  Reading read() {
    refuseTwins();
    Map<Head, Document> read = new LinkedHashMap<>();
    Set<String> goldenSets = new TreeSet<>();
    for (Head head : ofKind("GoldenSet")) {
      goldenSets.add(head.name());
      put(read, head, GoldenReader.read(head, this::problems));
    }
    Vocabulary withSets = vocabulary.with(Map.of(), goldenSets);
    GateFamily gates = new GateFamily(ofKind("QualityGate"), withSets);
    read.putAll(gates.sound());
    Vocabulary wider = withSets.with(gates.known(), Set.of());
    for (Head head : heads) {
      put(read, head, rest(head, wider));
    }
    List<Reading.Found> documents = new ArrayList<>();
    for (Head head : heads) {
      Document document = read.get(head);
      if (document != null) {
        documents.add(new Reading.Found(head.source().name(), document));
      }
    }
    SequencedMap<String, List<Problem>> wrong = new LinkedHashMap<>();
    problems.forEach(
        (file, found) -> {
          if (found.count() > 0) {
            wrong.put(file, found.all());
          }
        });
    return new Reading(documents, wrong);
  }

  private List<Head> ofKind(String kind) {
    return heads.stream().filter(head -> head.kind().equals(kind)).toList();
  }

  private static void put(Map<Head, Document> read, Head head, @Nullable Document document) {
    if (document != null) {
      read.put(head, document);
    }
  }

  private void refuseTwins() {
    Map<List<String>, Head> first = new LinkedHashMap<>();
    for (Head head : heads) {
      Head before = first.putIfAbsent(List.of(head.kind(), head.name()), head);
      if (before != null) {
        head.problems()
            .add(
                "metadata.name",
                head.named(),
                head.kind()
                    + " '"
                    + head.name()
                    + (before.source().equals(head.source())
                        ? "' is there twice"
                        : "' is in " + before.source().name() + " already"));
      }
    }
  }

  private static @Nullable Document rest(Head head, Vocabulary vocabulary) {
    return switch (head.kind()) {
      case "ModelService" -> ServiceReader.read(head, vocabulary);
      case "ModelVersion" -> VersionReader.read(head);
      case "Pipeline" -> PipelineReader.read(head, vocabulary);
      default -> null;
    };
  }
}
