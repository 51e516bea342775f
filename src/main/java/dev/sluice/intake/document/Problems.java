package dev.sluice.intake.document;

import dev.sluice.model.Characters;
import dev.sluice.model.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects everything that is wrong with a document, so that its author hears it all at once. */
final class Problems {
  /** More than anyone reads; keeps an answer small whatever was sent. */
  private static final int MOST = 100;

  private final List<Problem> found = new ArrayList<>();
  private int count;

  void add(String path, Node.Place at, String message) {
    count++;
    if (found.size() < MOST) {
      found.add(new Problem(path, at.line(), at.column(), message));
    }
  }

  /** Adds every text and key below a node that can't be kept: {@link Characters}. */
  void refuseUnkept(Node node, String path) {
    switch (node) {
      case Node.Mapping mapping -> {
        for (Node.Entry entry : mapping.entries()) {
          String below = path.isEmpty() ? entry.key() : path + "." + entry.key();
          refuseUnkept(entry.key(), below, entry.at());
          refuseUnkept(entry.value(), below);
        }
      }
      case Node.Sequence sequence -> {
        for (int i = 0; i < sequence.items().size(); i++) {
          refuseUnkept(sequence.items().get(i), path + "[" + i + "]");
        }
      }
      case Node.Scalar scalar -> refuseUnkept(scalar.text(), path, scalar.at());
    }
  }

  private void refuseUnkept(String text, String path, Node.Place at) {
    Characters.unkept(text)
        .ifPresent(c -> add(Characters.kept(path), at, "has " + c + ", which can't be kept"));
  }

  void addAll(List<Problem> problems) {
    for (Problem problem : problems) {
      add(problem.path(), new Node.Place(problem.line(), problem.column()), problem.message());
    }
  }

  /** How many there are; lets a reader tell whether the part it just read is sound. */
  int count() {
    return count;
  }

  /** In reading order; at the end how many are left out. */
  List<Problem> all() {
    List<Problem> all = new ArrayList<>(found);
    all.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
    if (count > found.size()) {
      all.add(new Problem("", 0, 0, "and %s more".formatted(count - found.size())));
    }
    return all;
  }

  /** {@link InvalidDocument} with all of them, if there are any. */
  void refuse() {
    if (count > 0) {
      throw new InvalidDocument(false, all());
    }
  }
}
