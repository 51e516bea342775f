package dev.sluice.signal.promql;

/** An expression is no PromQL. */
public final class SyntaxError extends Exception {
  private static final long serialVersionUID = 1;

  private final int column;

  SyntaxError(int offset, String message) {
    super(message);
    this.column = offset + 1;
  }

  /** Where in the expression, from 1. */
  public int column() {
    return column;
  }

  /** {@code 3: ')' is missing}: column and message. */
  public String told() {
    return "column " + column + ": " + getMessage();
  }
}
