package dev.sluice.intake.document;

import dev.sluice.model.Pipeline;
import dev.sluice.model.Pipeline.OnDeadline;
import dev.sluice.model.Share;
import dev.sluice.model.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code kind: Pipeline}. */
final class PipelineReader {
  private static final List<String> ORDER = List.copyOf(Stage.WORDS);
  static final Map<String, OnDeadline> ON_DEADLINE = new LinkedHashMap<>();

  static {
    ON_DEADLINE.put("rollback", OnDeadline.ROLLBACK);
    ON_DEADLINE.put("hold", OnDeadline.HOLD);
    ON_DEADLINE.put("ask", OnDeadline.ASK);
  }

  private PipelineReader() {}

  static Document.@Nullable OfPipeline read(Head head, Vocabulary vocabulary) {
    Fields spec = head.spec();
    Problems problems = head.problems();
    int before = problems.count();
    Share falseRollback = spec.share("falseRollback", Share.percent(1));
    if (falseRollback.isNone() || falseRollback.compareTo(Share.percent(50)) >= 0) {
      spec.wrong("falseRollback", "must be above 0% and below 50%, was " + falseRollback);
    }
    List<Stage> stages = stages(spec, vocabulary, problems);
    boolean all = stages.size() == spec.list("stages").size();
    Map<String, Share> weights = new PipelineWeights(head, stages, all, vocabulary).read();
    OnDeadline onDeadline = spec.word("onDeadline", ON_DEADLINE, OnDeadline.ROLLBACK);
    Duration wayBackWithin = spec.span("wayBackWithin", Duration.ofSeconds(2));
    spec.end();
    return !head.sound() || problems.count() > before
        ? null
        : new Document.OfPipeline(
            new Pipeline(
                head.name(),
                falseRollback.fraction(),
                stages,
                onDeadline,
                wayBackWithin,
                Json.digest(head.json())),
            weights,
            head.json());
  }

  private static List<Stage> stages(Fields spec, Vocabulary vocabulary, Problems problems) {
    List<Node> items = spec.list("stages");
    if (items.isEmpty()) {
      spec.wrong(
          "stages",
          "must list at least the stage promotion; the order is " + String.join(", ", ORDER));
    }
    List<Stage> stages = new ArrayList<>();
    String last = null;
    for (int i = 0; i < items.size(); i++) {
      String path = spec.path("stages") + "[" + i + "]";
      Node.Entry entry = single(items.get(i), path, problems);
      if (entry == null) {
        continue;
      }
      String word = entry.key();
      if (!ORDER.contains(word)) {
        String near = Spelling.nearest(word, ORDER);
        problems.add(
            path + "." + word,
            entry.at(),
            "is no stage; stages are "
                + String.join(", ", ORDER)
                + (near == null ? "" : "; did you mean " + near + "?"));
        continue;
      }
      if (last != null && ORDER.indexOf(word) <= ORDER.indexOf(last)) {
        problems.add(
            path + "." + word,
            entry.at(),
            "must not come after "
                + last
                + ": the order is "
                + String.join(", ", ORDER)
                + ", each at most once");
      }
      last = word;
      Stage stage = new StageReader(entry, path, vocabulary, problems).read();
      if (stage != null) {
        stages.add(stage);
      }
    }
    if (last != null && !last.equals("promotion")) {
      spec.wrong("stages", "must end with promotion, was " + last);
    }
    return stages;
  }

  /** The one key of a stage; an empty stage, {@code - staging:}, has no fields. */
  private static Node.@Nullable Entry single(Node item, String path, Problems problems) {
    if (item instanceof Node.Mapping mapping && mapping.entries().size() == 1) {
      Node.Entry entry = mapping.entries().getFirst();
      boolean empty =
          entry.value() instanceof Node.Scalar scalar && scalar.type() == Node.Type.NOTHING;
      return empty
          ? new Node.Entry(entry.key(), entry.at(), new Node.Mapping(List.of(), entry.value().at()))
          : entry;
    }
    problems.add(path, item.at(), "must be a mapping with one key, the stage, was " + item.what());
    return null;
  }
}
