package dev.sluice.store;

/** The pipeline wants someone else than the submitter to say that. Nothing was written. */
public class FourEyes extends RuntimeException {
  private static final long serialVersionUID = 1;

  public FourEyes(String message) {
    super(message);
  }
}
