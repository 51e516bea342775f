package dev.sluice.workload;

/** What an exit code says to people. */
public final class ExitCode {
  private static final int SIGNALLED = 128;

  private ExitCode() {}

  /** {@code exit 1}, or {@code exit 137 (SIGKILL)} where a signal ended it. */
  public static String phrase(int code) {
    String signal =
        switch (code - SIGNALLED) {
          case 1 -> "SIGHUP";
          case 2 -> "SIGINT";
          case 3 -> "SIGQUIT";
          case 4 -> "SIGILL";
          case 6 -> "SIGABRT";
          case 7 -> "SIGBUS";
          case 8 -> "SIGFPE";
          case 9 -> "SIGKILL";
          case 11 -> "SIGSEGV";
          case 13 -> "SIGPIPE";
          case 15 -> "SIGTERM";
          default -> "";
        };
    return signal.isEmpty() ? "exit " + code : "exit " + code + " (" + signal + ")";
  }
}
