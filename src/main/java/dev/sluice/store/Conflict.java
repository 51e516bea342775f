package dev.sluice.store;

/** Someone else wrote first, or what was asked contradicts what is there. Nothing was written. */
public class Conflict extends RuntimeException {
  private static final long serialVersionUID = 1;

  public Conflict(String message) {
    super(message);
  }
}
