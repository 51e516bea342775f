package dev.sluice.model;

/** What a port throws, split by what the caller does about it. */
public abstract sealed class PortException extends RuntimeException permits Unavailable, Rejected {
  private static final long serialVersionUID = 1;

  PortException(String message, Throwable cause) {
    super(message, cause);
  }

  PortException(String message) {
    super(message);
  }
}
