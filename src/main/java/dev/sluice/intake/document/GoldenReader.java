package dev.sluice.intake.document;

import dev.sluice.model.Problem;
import dev.sluice.signal.GoldenSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads {@code kind: GoldenSet} and the items that it names. */
final class GoldenReader {
  private static final long MOST_BYTES = 64L << 20;

  private GoldenReader() {}

  /**
   * @param problemsOf where the problems of another file go, by its name
   */
  static Document.@Nullable OfGolden read(Head head, Function<String, Problems> problemsOf) {
    Fields spec = head.spec();
    int before = head.problems().count();
    String path = spec.text("path");
    if (!path.isEmpty() && !path.startsWith("/")) {
      spec.wrong("path", "must begin with /, was '" + path + "'");
    }
    String items = spec.text("items");
    if (items.startsWith("/") || List.of(items.split("/")).contains("..")) {
      spec.wrong("items", "must be a file beside the document or below, was '" + items + "'");
    }
    String digest = spec.digest("digest");
    spec.end();
    if (head.problems().count() > before) {
      return null;
    }
    Path directory = head.source().directory();
    if (directory == null) {
      return new Document.OfGolden(head.name(), null, head.json());
    }
    Path file = directory.resolve(items);
    byte[] bytes = bytes(spec, file);
    if (bytes != null && !Json.digest(bytes).equals(digest)) {
      spec.wrong(
          "digest", "must be that of " + file + ", " + Json.digest(bytes) + ", was " + digest);
    }
    if (bytes == null || head.problems().count() > before) {
      return null;
    }
    Problems ofItems = problemsOf.apply(file.toString());
    int sound = ofItems.count();
    List<GoldenSet.Item> read = items(bytes, ofItems);
    if (read.isEmpty() && ofItems.count() == sound) {
      spec.wrong("items", file + " has no items");
      return null;
    }
    return ofItems.count() > sound
        ? null
        : new Document.OfGolden(
            head.name(), new GoldenSet(head.name(), path, read, digest), head.json());
  }

  private static byte @Nullable [] bytes(Fields spec, Path file) {
    try {
      if (Files.size(file) <= MOST_BYTES) {
        return Files.readAllBytes(file);
      }
      spec.wrong("items", file + " is larger than 64 MiB");
    } catch (IOException e) {
      spec.wrong("items", file + " can't be read: " + e);
    }
    return null;
  }

  private static List<GoldenSet.Item> items(byte[] bytes, Problems problems) {
    List<GoldenSet.Item> items = new ArrayList<>();
    int number = 0;
    for (String line :
        (Iterable<String>) new String(bytes, StandardCharsets.UTF_8).lines()::iterator) {
      number++;
      if (!line.isBlank()) {
        item(line, number, items, problems);
      }
    }
    return items;
  }

  private static void item(String line, int number, List<GoldenSet.Item> items, Problems problems) {
    Problems own = new Problems();
    try {
      Fields fields = new Fields(new JsonNodes().read(line), "", own);
      Node request = fields.node("request");
      if (request == null) {
        fields.wrong("request", "is missing");
      }
      String label = fields.text("label");
      fields.end();
      own.refuse();
      if (request != null) {
        items.add(new GoldenSet.Item(Json.text(request), label));
      }
    } catch (InvalidDocument e) {
      for (Problem problem : e.problems()) {
        // each line is a text of its own
        Node.Place at = new Node.Place(number, problem.column());
        problems.add(problem.path(), at, problem.message());
      }
    }
  }
}
