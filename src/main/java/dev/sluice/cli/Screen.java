package dev.sluice.cli;

import java.io.PrintWriter;
import java.nio.charset.Charset;

/**
 * Where progress is shown: a line that is rewritten in place on a terminal, a line per change
 * anywhere else.
 */
public final class Screen {
  /** What fits in most windows, and in a README. */
  public static final int WIDTH = 100;

  /** Above it a line is hard to follow. */
  private static final int WIDEST = 160;

  private final PrintWriter out;
  private final boolean terminal;
  private final int width;
  private final Glyphs glyphs;
  private String standing = "";

  Screen(PrintWriter out, boolean terminal, int width, Glyphs glyphs) {
    this.out = out;
    this.terminal = terminal;
    this.width = width;
    this.glyphs = glyphs;
  }

  /**
   * A screen on standard output or standard error.
   *
   * <p>The launcher says in {@code sluice.tty} which of the descriptors 1 and 2 are terminals
   * (loading Java's own console costs more than a whole command) and in {@code sluice.columns} how
   * wide they are.
   *
   * @param descriptor 1 for standard output, 2 for standard error
   */
  public static Screen of(PrintWriter out, int descriptor) {
    boolean terminal = System.getProperty("sluice.tty", "").contains("" + descriptor);
    int columns = Integer.getInteger("sluice.columns", WIDTH);
    Charset charset =
        Charset.forName(
            System.getProperty(
                descriptor == 1 ? "stdout.encoding" : "stderr.encoding",
                Charset.defaultCharset().name()));
    // one column is left free: a line as wide as the terminal wraps on some
    return new Screen(
        out, terminal, terminal ? Math.clamp(columns - 1, 40, WIDEST) : WIDTH, Glyphs.of(charset));
  }

  /** How long a line may be. */
  public int width() {
    return width;
  }

  /** The signs it can show. */
  public Glyphs glyphs() {
    return glyphs;
  }

  /** Whether it can be rewritten. */
  public boolean terminal() {
    return terminal;
  }

  /** Shows the line in place of the one shown last; does nothing where that can't be. */
  public synchronized void live(String line) {
    if (terminal && !line.equals(standing)) {
      out.print("\r\u001b[K" + line);
      out.flush();
      standing = line;
    }
  }

  /** Writes a line for good, in place of the live one. */
  public synchronized void line(String line) {
    out.print(standing.isEmpty() ? "" : "\r\u001b[K");
    out.println(line);
    out.flush();
    standing = "";
  }
}
