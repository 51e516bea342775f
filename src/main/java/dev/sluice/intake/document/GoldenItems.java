package dev.sluice.intake.document;

import dev.sluice.model.Problem;
import dev.sluice.signal.GoldenSet;
import dev.sluice.signal.score.Judge;
import dev.sluice.signal.score.Scorer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the items of a golden set, one JSON object a line: {@code request}, and {@code label} as
 * its scorer needs it, one text or a list of texts each of which would be right.
 */
final class GoldenItems {
  private final Scorer scorer;
  private final Problems problems;
  private final List<GoldenSet.Item> items = new ArrayList<>();
  private final Map<String, Integer> lines = new HashMap<>();

  GoldenItems(Scorer scorer, Problems problems) {
    this.scorer = scorer;
    this.problems = problems;
  }

  List<GoldenSet.Item> read(byte[] utf8) {
    List<String> all = new String(utf8, StandardCharsets.UTF_8).lines().toList();
    for (int i = 0; i < all.size(); i++) {
      if (!all.get(i).isBlank()) {
        item(all.get(i), i + 1);
      }
    }
    return items;
  }

  private void item(String line, int number) {
    Problems own = new Problems();
    try {
      Fields fields = new Fields(new JsonNodes().read(line), "", own);
      Node request = fields.node("request");
      if (request == null) {
        fields.wrong("request", "is missing");
      } else {
        Integer twin = lines.putIfAbsent(Json.canonical(request), number);
        if (twin != null) {
          // asked twice it would count twice, and tell no more
          fields.wrong("request", "is that of line " + twin);
        }
      }
      List<String> labels = labels(fields);
      fields.end();
      own.refuse();
      if (request != null) {
        items.add(new GoldenSet.Item(Json.text(request), labels));
      }
    } catch (InvalidDocument e) {
      for (Problem problem : e.problems()) {
        // each line is a text of its own
        Node.Place at = new Node.Place(number, problem.column());
        problems.add(problem.path(), at, problem.message());
      }
    }
  }

  private List<String> labels(Fields fields) {
    List<String> labels =
        fields.node("label") instanceof Node.Sequence
            ? fields.texts("label")
            : fields.has("label") ? List.of(fields.text("label")) : List.of();
    switch (scorer) {
      case Scorer.Comparing comparing -> {
        if (labels.isEmpty()) {
          fields.wrong("label", "is missing");
        }
        for (String label : labels) {
          String unfit = label.isBlank() ? null : comparing.unfit(label);
          if (unfit != null) {
            fields.wrong("label", unfit + ", for scorer " + comparing.word());
          }
        }
      }
      case Scorer.Checking checking -> {
        if (!labels.isEmpty()) {
          fields.wrong("label", "is not asked for by scorer " + checking.word());
        }
      }
      case Judge judge -> {}
    }
    return labels;
  }
}
