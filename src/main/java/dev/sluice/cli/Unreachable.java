package dev.sluice.cli;

/** No answer came: nobody listens there, or the connection broke. */
public final class Unreachable extends RuntimeException {
  private static final long serialVersionUID = 1;

  Unreachable(String message, Throwable cause) {
    super(message, cause);
  }
}
