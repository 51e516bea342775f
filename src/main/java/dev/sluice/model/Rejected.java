package dev.sluice.model;

/** The other side won't ever do this as asked: tell the user. */
public final class Rejected extends PortException {
  private static final long serialVersionUID = 1;

  public Rejected(String message) {
    super(message);
  }

  public Rejected(String message, Throwable cause) {
    super(message, cause);
  }
}
