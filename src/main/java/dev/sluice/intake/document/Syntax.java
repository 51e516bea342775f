package dev.sluice.intake.document;

import java.util.List;

/** How a document is written. */
public enum Syntax {
  /** YAML with JSON's types and nothing else: no anchors, aliases, tags, or duplicate keys. */
  YAML {
    @Override
    List<Node> parse(String text) {
      return new YamlNodes(text).documents();
    }
  },
  /** One JSON value (RFC 8259), without duplicate keys. */
  JSON {
    @Override
    List<Node> parse(String text) {
      return List.of(new JsonNodes().read(text));
    }
  };

  /** The most characters of one document. */
  public static final int MOST_CHARACTERS = 1 << 20;

  /** How deep a document may nest. */
  static final int DEEPEST = 64;

  /**
   * The documents of a text.
   *
   * @throws InvalidDocument malformed, with line and column
   */
  abstract List<Node> parse(String text);

  /** By the ending of a file's name: {@code .json} is JSON, everything else YAML. */
  public static Syntax ofFile(String name) {
    return name.endsWith(".json") ? JSON : YAML;
  }
}
