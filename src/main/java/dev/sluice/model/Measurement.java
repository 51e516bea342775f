package dev.sluice.model;

/**
 * Something learned about one user request after it was answered: its true label.
 *
 * @param request the request's id, as the router echoed it
 * @param label the right answer, as text
 */
public record Measurement(String request, String label) {
  public Measurement {
    if (request.isBlank() || request.length() > 128) {
      throw new IllegalArgumentException(
          "request must be 1..128 characters, had " + request.length());
    }
    if (label.length() > 256) {
      throw new IllegalArgumentException(
          "label must be at most 256 characters, had " + label.length());
    }
  }
}
