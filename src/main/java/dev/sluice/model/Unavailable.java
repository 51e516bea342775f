package dev.sluice.model;

/** The other side can't be reached or can't answer now: hold, and try again. Never a verdict. */
public final class Unavailable extends PortException {
  private static final long serialVersionUID = 1;

  public Unavailable(String message) {
    super(message);
  }

  public Unavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
