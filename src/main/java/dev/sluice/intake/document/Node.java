package dev.sluice.intake.document;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a document is made of, whatever its syntax, with the place where each part begins. */
sealed interface Node {
  Place at();

  /** What it is, in a person's words. */
  String what();

  /** Line and column, both from 1. */
  record Place(int line, int column) {
    static final Place UNKNOWN = new Place(0, 0);
  }

  /** Keys with their values, in the order they were written. Keys are unique. */
  record Mapping(List<Entry> entries, Place at) implements Node {
    public Mapping {
      entries = List.copyOf(entries);
    }

    @Override
    public String what() {
      return "a mapping";
    }

    @Nullable Entry entry(String key) {
      for (Entry entry : entries) {
        if (entry.key().equals(key)) {
          return entry;
        }
      }
      return null;
    }
  }

  /** One key with its value. */
  record Entry(String key, Place at, Node value) {}

  /** Items in their order. */
  record Sequence(List<Node> items, Place at) implements Node {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String what() {
      return "a list";
    }
  }

  /** The types of JSON's scalars. */
  enum Type {
    TEXT,
    NUMBER,
    TRUTH,
    NOTHING
  }

  /**
   * A single value.
   *
   * @param text as written, a number to its last zero
   */
  record Scalar(Type type, String text, Place at) implements Node {
    @Override
    public String what() {
      return switch (type) {
        case TEXT -> "'" + shortened() + "'";
        case NUMBER -> "the number " + shortened();
        case TRUTH -> text;
        case NOTHING -> "null";
      };
    }

    private String shortened() {
      return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }
  }
}
