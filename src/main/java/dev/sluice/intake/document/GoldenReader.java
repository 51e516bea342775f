package dev.sluice.intake.document;

import dev.sluice.model.Problem;
import dev.sluice.signal.GoldenSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code kind: GoldenSet} and the items that it names. */
public final class GoldenReader {
  private static final long MOST_BYTES = 64L << 20;

  private GoldenReader() {}

  static Document.@Nullable OfGolden read(
      String name, Fields spec, String json, Problems problems) {
    int before = problems.count();
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
    return problems.count() > before
        ? null
        : new Document.OfGolden(name, path, items, digest, json);
  }

  /**
   * The set with its items.
   *
   * @param directory where the document lies
   * @throws InvalidDocument if the items can't be read, don't match the digest, or aren't items
   */
  public static GoldenSet load(Document.OfGolden golden, Path directory) {
    Path file = directory.resolve(golden.items());
    byte[] bytes;
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw invalid("spec.items", 0, file + " is larger than 64 MiB");
      }
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw invalid("spec.items", 0, file + " can't be read: " + e);
    }
    String digest = Json.digest(bytes);
    if (!digest.equals(golden.digest())) {
      throw invalid(
          "spec.digest", 0, "must be that of " + file + ", " + digest + ", was " + golden.digest());
    }
    List<GoldenSet.Item> items = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    int number = 0;
    for (String line :
        (Iterable<String>) new String(bytes, StandardCharsets.UTF_8).lines()::iterator) {
      number++;
      if (!line.isBlank()) {
        item(line, number, items, problems);
      }
    }
    if (items.isEmpty() && problems.isEmpty()) {
      throw invalid("spec.items", 0, file + " has no items");
    }
    if (!problems.isEmpty()) {
      throw new InvalidDocument(false, problems);
    }
    return new GoldenSet(golden.name(), golden.path(), items, golden.digest());
  }

  private static void item(
      String line, int number, List<GoldenSet.Item> items, List<Problem> problems) {
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
        if (problems.size() < 100) {
          problems.add(
              new Problem("items." + problem.path(), number, problem.column(), problem.message()));
        }
      }
    }
  }

  private static InvalidDocument invalid(String path, int line, String message) {
    return new InvalidDocument(false, List.of(new Problem(path, line, 0, message)));
  }
}
