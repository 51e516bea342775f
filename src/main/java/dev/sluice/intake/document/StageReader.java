package dev.sluice.intake.document;

import dev.sluice.gate.GateKind;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Share;
import dev.sluice.model.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one stage of a pipeline. */
final class StageReader {
  private static final Duration BEFORE_USERS = Duration.ofMinutes(20);
  private static final Duration WITH_TRAFFIC = Duration.ofHours(2);

  private final String word;
  private final Fields fields;
  private final Vocabulary vocabulary;
  private final Problems problems;

  StageReader(Node.Entry entry, String path, Vocabulary vocabulary, Problems problems) {
    this.word = entry.key();
    this.fields = new Fields(entry.value(), path + "." + word, problems);
    this.vocabulary = vocabulary;
    this.problems = problems;
  }

  @Nullable Stage read() {
    int before = problems.count();
    boolean promotion = word.equals("promotion");
    String least = promotion ? "soak" : "atLeast";
    Duration atLeast = fields.duration(least, Duration.ZERO);
    Duration deadline = fields.span("deadline", usual(atLeast));
    if (atLeast.compareTo(deadline) > 0) {
      fields.wrong(
          least,
          "must not be above the deadline of "
              + Units.text(deadline)
              + ", was "
              + Units.text(atLeast));
    }
    List<String> gates = gates(deadline);
    String golden = word.equals("synthetic") ? golden() : "";
    Share share = word.equals("shadow") ? shadowShare() : Share.ALL;
    List<Share> steps = word.equals("canary") ? steps() : List.of();
    Stage.@Nullable Approval approval = word.equals("canary") ? approval(steps) : null;
    if (steps.contains(Share.ALL)) {
      requireStable(gates);
    }
    fields.end();
    if (problems.count() > before) {
      return null;
    }
    return switch (word) {
      case "staging" -> new Stage.Staging(gates, atLeast, deadline);
      case "synthetic" -> new Stage.Synthetic(golden, gates, atLeast, deadline);
      case "shadow" -> new Stage.Shadow(share, gates, atLeast, deadline);
      case "canary" -> new Stage.Canary(steps, approval, gates, atLeast, deadline);
      case "promotion" -> new Stage.Promotion(gates, atLeast, deadline);
      default -> throw new IllegalStateException("no such stage: '" + word + "'");
    };
  }

  /** The deadline of a stage that names none. */
  private Duration usual(Duration atLeast) {
    return switch (word) {
      case "staging", "synthetic" -> BEFORE_USERS;
      case "promotion" -> atLeast.plus(BEFORE_USERS);
      default -> WITH_TRAFFIC;
    };
  }

  private List<String> gates(Duration deadline) {
    if (!fields.has("gates")) {
      fields.wrong("gates", "is missing; a stage that really has none says gates: []");
    }
    List<String> names = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    List<Node> items = fields.list("gates");
    for (int i = 0; i < items.size(); i++) {
      String path = fields.path("gates") + "[" + i + "]";
      String name = Fields.textOf(items.get(i), path, problems);
      if (name == null) {
        continue;
      }
      QualityGate gate = vocabulary.gates().get(name);
      if (gate == null) {
        String near = Spelling.nearest(name, vocabulary.gates().keySet());
        problems.add(
            path,
            items.get(i).at(),
            "no gate is called '"
                + name
                + "'"
                + (near == null ? "" : "; did you mean " + near + "?"));
      } else if (!seen.add(name)) {
        problems.add(path, items.get(i).at(), "gate '" + name + "' is there twice");
      } else {
        requireFit(gate, path, items.get(i).at());
        requireTime(gate, deadline, path, items.get(i).at());
        requireUsable(gate, path, items.get(i).at());
        names.add(name);
      }
    }
    return names;
  }

  private void requireFit(QualityGate gate, String path, Node.Place at) {
    if (!vocabulary.kinds().words().contains(gate.kind())) {
      return;
    }
    GateKind kind = vocabulary.kinds().of(gate);
    if (!kind.stages().contains(word)) {
      problems.add(
          path,
          at,
          "gate '"
              + gate.name()
              + "' of kind "
              + gate.kind()
              + " can't speak in "
              + word
              + ", only in "
              + String.join(", ", kind.stages()));
    }
  }

  private void requireStable(List<String> gates) {
    for (String name : gates) {
      QualityGate gate = vocabulary.gates().get(name);
      if (gate != null
          && vocabulary.kinds().words().contains(gate.kind())
          && vocabulary.kinds().of(gate).needsStable()) {
        fields.wrong(
            "steps",
            "must end below 100%% for gate '%s' of kind %s: alone it has nothing to compare with"
                .formatted(name, gate.kind()));
      }
    }
  }

  private void requireTime(QualityGate gate, Duration deadline, String path, Node.Place at) {
    Duration least = gate.terms().minimum().time();
    if (least.compareTo(deadline) >= 0) {
      problems.add(
          path,
          at,
          "gate '%s' can't pass before the deadline of %s: its minimum.time is %s"
              .formatted(gate.name(), Units.text(deadline), Units.text(least)));
    }
  }

  private void requireUsable(QualityGate gate, String path, Node.Place at) {
    vocabulary
        .unusable(gate)
        .forEach(why -> problems.add(path, at, "gate '" + gate.name() + "': " + why));
  }

  private String golden() {
    String golden = fields.text("golden");
    if (!golden.isBlank() && !vocabulary.goldenSets().contains(golden)) {
      fields.wrong("golden", vocabulary.noGoldenSet(golden));
    }
    return golden;
  }

  private Share shadowShare() {
    int before = problems.count();
    Share share = fields.share("share");
    if (problems.count() == before && share.isNone()) {
      fields.wrong("share", "must be above 0%");
    }
    return share;
  }

  private List<Share> steps() {
    List<Node> items = fields.list("steps");
    if (items.isEmpty()) {
      fields.wrong("steps", "must list at least one weight, as [1%, 10%, 50%]");
    }
    List<Share> steps = new ArrayList<>();
    Share highest = Share.NONE;
    for (int i = 0; i < items.size(); i++) {
      Node item = items.get(i);
      String path = fields.path("steps") + "[" + i + "]";
      try {
        Share step = Share.parse(item instanceof Node.Scalar scalar ? scalar.text() : item.what());
        if (step.compareTo(highest) <= 0) {
          problems.add(path, item.at(), "must be above " + highest + ", was " + step);
        } else {
          highest = step;
        }
        steps.add(step);
      } catch (IllegalArgumentException e) {
        problems.add(path, item.at(), String.valueOf(e.getMessage()));
      }
    }
    return steps;
  }

  private Stage.@Nullable Approval approval(List<Share> steps) {
    if (!fields.has("approval")) {
      return null;
    }
    Fields approval = fields.object("approval");
    Share before = approval.share("before");
    if (approval.has("before") && !steps.contains(before)) {
      approval.wrong("before", "must be one of the steps " + steps + ", was " + before);
    }
    String by = approval.text("by", "operator");
    if (!by.equals("operator")) {
      approval.wrong("by", "must be operator, was '" + by + "'");
    }
    boolean notSubmitter = approval.truth("notSubmitter", false);
    approval.end();
    return new Stage.Approval(before, notSubmitter);
  }
}
