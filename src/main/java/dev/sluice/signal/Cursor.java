package dev.sluice.signal;

/**
 * How far a reader has come in one data plane's observations.
 *
 * @param epoch names the data plane process: after its restart the numbers begin anew
 * @param sequence of the last observation used
 */
public record Cursor(String epoch, long sequence) {
  /** Before everything. */
  public static final Cursor START = new Cursor("", 0);
}
