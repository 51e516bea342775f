package dev.sluice.signal.promql;

import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * One condition on a label. A label that a series lacks counts as the empty text; regular
 * expressions are matched against the whole value, as Prometheus does.
 */
public record Matcher(String label, Op op, String value) {
  /** How a label is compared. */
  public enum Op {
    EQUAL("="),
    NOT_EQUAL("!="),
    LIKE("=~"),
    UNLIKE("!~");

    private final String sign;

    Op(String sign) {
      this.sign = sign;
    }

    /** Whether it says what a label must be, rather than what it must not. */
    public boolean selects() {
      return this == EQUAL || this == LIKE;
    }

    static Op of(String sign) {
      for (Op op : values()) {
        if (op.sign.equals(sign)) {
          return op;
        }
      }
      throw new IllegalArgumentException("must be one of = != =~ !~, was '" + sign + "'");
    }
  }

  /**
   * @throws IllegalArgumentException if the value of a regular expression is none
   */
  public Matcher {
    if (op == Op.LIKE || op == Op.UNLIKE) {
      try {
        var unused = Pattern.compile(value);
      } catch (PatternSyntaxException e) {
        throw new IllegalArgumentException(
            "'" + value + "' is no regular expression: " + e.getDescription(), e);
      }
    }
  }

  /** Whether a series with these labels meets it. */
  public boolean test(Map<String, String> labels) {
    String has = labels.getOrDefault(label, "");
    return switch (op) {
      case EQUAL -> has.equals(value);
      case NOT_EQUAL -> !has.equals(value);
      case LIKE -> Pattern.matches(value, has);
      case UNLIKE -> !Pattern.matches(value, has);
    };
  }

  @Override
  public String toString() {
    return label + op.sign + quoted(value);
  }

  static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
