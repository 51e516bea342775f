package dev.sluice.intake.document;

import dev.sluice.model.Problem;
import java.util.ArrayList;
import java.util.List;

/** Reads the documents of 6-interfaces: files and request bodies, by one validator. */
public final class Documents {
  private Documents() {}

  /** All documents of some files; they may refer to each other and to the vocabulary. */
  public static Reading read(List<Source> sources, Vocabulary vocabulary) {
    Resolution resolution = new Resolution(vocabulary);
    for (Source source : sources) {
      try {
        resolution.add(source, source.syntax().parse(source.text()));
      } catch (InvalidDocument malformed) {
        resolution.refused(source.name(), malformed.problems());
      }
    }
    return resolution.read();
  }

  /**
   * All documents of a request's body; they may refer to each other and to the vocabulary.
   *
   * @throws InvalidDocument with everything that is wrong with any of them
   */
  public static List<Document> read(String text, Syntax syntax, Vocabulary vocabulary) {
    Resolution resolution = new Resolution(vocabulary);
    resolution.add(Source.body(text, syntax), syntax.parse(text));
    Reading reading = resolution.read();
    if (!reading.problems().isEmpty()) {
      throw new InvalidDocument(
          false, reading.problems().values().stream().flatMap(List::stream).toList());
    }
    return reading.documents().stream().map(Reading.Found::document).toList();
  }

  /**
   * The one document of a text.
   *
   * @param kind what it must be
   * @param name what it must be called
   * @throws InvalidDocument with everything that is wrong with it
   */
  public static Document one(
      String text, Syntax syntax, String kind, String name, Vocabulary vocabulary) {
    List<Document> documents = read(text, syntax, vocabulary);
    Document first = documents.getFirst();
    List<Problem> wrong = new ArrayList<>();
    if (documents.size() > 1) {
      wrong.add(new Problem("", 0, 0, "must be one document, were " + documents.size()));
    }
    if (!first.kind().equals(kind)) {
      wrong.add(new Problem("kind", 0, 0, "must be " + kind + ", was '" + first.kind() + "'"));
    }
    if (!first.name().equals(name)) {
      wrong.add(
          new Problem(
              "metadata.name",
              0,
              0,
              "must be '" + name + "' as the address says, was '" + first.name() + "'"));
    }
    if (!wrong.isEmpty()) {
      throw new InvalidDocument(false, wrong);
    }
    return first;
  }
}
