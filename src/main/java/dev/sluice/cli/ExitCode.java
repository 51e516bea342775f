package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** What a command's exit status means. */
public final class ExitCode {
  /** It did what was asked; for {@code release wait}: the release succeeded. */
  public static final int FINE = 0;

  /** It could not be done. */
  public static final int ERROR = 1;

  /** The release was rolled back. */
  public static final int ROLLED_BACK = 2;

  /** The release was rejected before it touched production traffic. */
  public static final int REJECTED = 3;

  /** The release was still under way when the time was up. */
  public static final int TIMED_OUT = 4;

  /** The command line makes no sense. */
  public static final int USAGE = 64;

  private ExitCode() {}

  /** The status that says how a release ended; {@link #TIMED_OUT} while it has not. */
  static int of(JsonNode release) {
    return switch (release.path("outcome").asText("")) {
      case "succeeded" -> FINE;
      case "rolled-back" -> ROLLED_BACK;
      case "rejected" -> REJECTED;
      default -> TIMED_OUT;
    };
  }
}
