package dev.sluice.stats;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Doubles as text, exactly: {@link Double#toString} and back. */
final class DoubleText {
  private DoubleText() {}

  static String join(double[] values) {
    return Arrays.stream(values).mapToObj(Double::toString).collect(Collectors.joining(","));
  }

  static double[] split(String text) {
    return text.isEmpty()
        ? new double[0]
        : Arrays.stream(text.split(",", -1)).mapToDouble(DoubleText::number).toArray();
  }

  static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException notOne) {
      throw new IllegalArgumentException("expected a number, was '" + text + "'", notOne);
    }
  }
}
