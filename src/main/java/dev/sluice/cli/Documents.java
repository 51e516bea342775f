package dev.sluice.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** The YAML documents of a file, as they were written. */
final class Documents {
  private Documents() {}

  /**
   * @param file as the user named it
   * @param linesBefore how many lines of the file stand before the document
   * @param kind its {@code kind}; empty if it has none
   * @param name its {@code metadata.name}; empty if it has none
   */
  record Document(String file, int linesBefore, String text, String kind, String name) {}

  /** A file that can't be read as YAML; the message has the form {@code file:line:column: …}. */
  static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unreadable(String message) {
      super(message);
    }
  }

  /** What the file holds; {@code -} is standard input. */
  static String text(String file) {
    try {
      if (file.equals("-")) {
        return text(System.in);
      }
      return Files.readString(Path.of(file));
    } catch (NoSuchFileException e) {
      throw new Unreadable(file + ": no such file");
    } catch (IOException e) {
      throw new Unreadable(file + ": can't be read: " + e.getMessage());
    }
  }

  private static String text(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  /**
   * Splits at the lines {@code ---}; documents of comments and blanks alone are left out.
   *
   * @throws Unreadable if one is not YAML
   */
  static List<Document> split(String file, String text) {
    List<Document> documents = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    int before = 0;
    int line = 0;
    for (String next : text.lines().toList()) {
      line++;
      if (next.equals("---") || next.startsWith("--- ")) {
        add(documents, file, before, part.toString());
        part.setLength(0);
        before = line;
      } else {
        part.append(next).append('\n');
      }
    }
    add(documents, file, before, part.toString());
    return documents;
  }

  private static void add(List<Document> to, String file, int before, String text) {
    boolean empty = text.lines().map(String::strip).allMatch(l -> l.isEmpty() || l.startsWith("#"));
    if (empty) {
      return;
    }
    try {
      Object root = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
      String kind = "";
      String name = "";
      if (root instanceof Map<?, ?> map) {
        kind = map.get("kind") instanceof String k ? k : "";
        if (map.get("metadata") instanceof Map<?, ?> metadata) {
          name = metadata.get("name") == null ? "" : String.valueOf(metadata.get("name"));
        }
      }
      to.add(new Document(file, before, text, kind, name));
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      int column = e.getProblemMark() == null ? 1 : e.getProblemMark().getColumn() + 1;
      throw new Unreadable(file + ":" + (before + line) + ":" + column + ": " + e.getProblem());
    } catch (YAMLException e) {
      throw new Unreadable(file + ":" + (before + 1) + ":1: " + e.getMessage());
    }
  }
}
