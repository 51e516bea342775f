package dev.sluice.intake.document;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A text with documents.
 *
 * @param name what its problems are told under: the path of a file, nothing for a request's body
 * @param directory where the files lie that its documents name; null: they are not looked at
 */
public record Source(String name, String text, Syntax syntax, @Nullable Path directory) {

  /** A file, and what lies beside it. */
  public static Source file(Path file) throws IOException {
    return new Source(
        file.toString(),
        Files.readString(file),
        Syntax.ofFile(file.toString()),
        file.toAbsolutePath().getParent());
  }

  /** The body of a request. */
  static Source body(String text, Syntax syntax) {
    return new Source("", text, syntax, null);
  }
}
