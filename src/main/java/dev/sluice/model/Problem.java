package dev.sluice.model;

/**
 * One thing that is wrong with a document: where, and what would be right.
 *
 * @param path the field, as {@code spec.stages[2].steps[0]}
 * @param line 1-based; 0 where the place is not known
 * @param column 1-based; 0 where the place is not known
 * @param message names the value and what would be right
 */
public record Problem(String path, int line, int column, String message) {
  @Override
  public String toString() {
    return (line > 0 ? line + ":" + column + ": " : "")
        + (path.isEmpty() ? "" : path + ": ")
        + message;
  }
}
