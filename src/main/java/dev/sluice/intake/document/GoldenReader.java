package dev.sluice.intake.document;

import dev.sluice.signal.GoldenSet;
import dev.sluice.signal.score.Scorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    Scorer scorer = ScorerReader.read(spec, "scorer", head.problems());
    spec.end();
    if (scorer == null || !head.sound() || head.problems().count() > before) {
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
    List<GoldenSet.Item> read = new GoldenItems(scorer, ofItems).read(bytes);
    if (read.isEmpty() && ofItems.count() == sound) {
      spec.wrong("items", file + " has no items");
      return null;
    }
    return ofItems.count() > sound
        ? null
        : new Document.OfGolden(
            head.name(), new GoldenSet(head.name(), path, read, digest, scorer), head.json());
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
}
