package dev.sluice.signal.score;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Right is a number no farther from the label than the greater of two distances. An answer that is
 * no plain decimal number scores 0.
 *
 * @param absolute this far, 0 or more
 * @param relative or this part of the label's size, 0 or more
 */
public record Numeric(double absolute, double relative) implements Scorer.Comparing {
  public static final String WORD = "numeric";
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(?:\\d{1,300}\\.?\\d{0,300}|\\.\\d{1,300})(?:[eE][+-]?\\d{1,3})?");

  public Numeric {
    if (!(absolute >= 0 && relative >= 0)) {
      throw new IllegalArgumentException(
          "distances must be 0 or more, were %s and %s".formatted(absolute, relative));
    }
  }

  @Override
  public String word() {
    return WORD;
  }

  @Override
  public String told() {
    return "numeric, within %s or %s of the label".formatted(absolute, relative);
  }

  @Override
  public @Nullable String unfit(String label) {
    return Double.isFinite(number(label)) ? null : "must be a number, was '" + label + "'";
  }

  @Override
  public double score(String answer, String label) {
    double right = number(label);
    // NaN, of what is no number, is near to nothing
    return Math.abs(number(answer) - right) <= Math.max(absolute, relative * Math.abs(right))
        ? 1
        : 0;
  }

  private static double number(String text) {
    String number = text.strip();
    return DECIMAL.matcher(number).matches() ? Double.parseDouble(number) : Double.NaN;
  }
}
