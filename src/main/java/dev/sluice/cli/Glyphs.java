package dev.sluice.cli;

import java.nio.charset.Charset;

/**
 * The signs of progress bars. None leans on colour.
 *
 * @param done a stage that was passed
 * @param now the stage a release is at
 * @param next a stage to come
 * @param broken the stage a release ended at
 * @param full a filled part of a gauge
 * @param empty an unfilled part of a gauge
 * @param dot what stands between items
 */
public record Glyphs(
    String done, String now, String next, String broken, String full, String empty, String dot) {
  /** For terminals that can show them. */
  public static final Glyphs UNICODE = new Glyphs("■", "▣", "□", "✗", "▰", "▱", "·");

  /** For all others. */
  public static final Glyphs ASCII = new Glyphs("#", ">", ".", "x", "#", "-", "|");

  /** The ones that {@code charset} can write. */
  public static Glyphs of(Charset charset) {
    return charset.canEncode() && charset.newEncoder().canEncode("■▣□✗▰▱·") ? UNICODE : ASCII;
  }

  /** A gauge of five parts. */
  String gauge(double ratio) {
    int filled = (int) Math.floor(Math.clamp(ratio, 0.0, 1.0) * 5);
    return full.repeat(filled) + empty.repeat(5 - filled);
  }
}
