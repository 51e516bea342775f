package dev.sluice.signal.metrics;

/** Numbers as Prometheus writes them: {@code 1.5e3}, {@code NaN}, {@code +Inf}. */
final class Numbers {
  private Numbers() {}

  /**
   * @throws NumberFormatException if it is none
   */
  static double parse(String text) {
    return switch (text) {
      case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      case "NaN" -> Double.NaN;
      default -> {
        // Java also reads 1d, 0x1p3 and surrounding blanks
        if (text.isEmpty() || !text.chars().allMatch(c -> "0123456789+-.eE".indexOf(c) >= 0)) {
          throw new NumberFormatException("no number: '" + text + "'");
        }
        yield Double.parseDouble(text);
      }
    };
  }
}
