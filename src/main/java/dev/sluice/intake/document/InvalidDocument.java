package dev.sluice.intake.document;

import dev.sluice.model.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** A document that can't be used, with all that is wrong with it. */
public final class InvalidDocument extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final boolean malformed;
  private final transient List<Problem> problems;

  /**
   * @param malformed whether it isn't even JSON or YAML
   * @param problems in reading order
   */
  public InvalidDocument(boolean malformed, List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.malformed = malformed;
    this.problems = List.copyOf(problems);
  }

  /** Whether it isn't even JSON or YAML. */
  public boolean malformed() {
    return malformed;
  }

  /** All that is wrong with it, in reading order. */
  public List<Problem> problems() {
    return problems;
  }
}
