package dev.sluice.intake.document;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Nodes as JSON text, and what that text hashes to. */
final class Json {
  private Json() {}

  /** As written: keys in their order, numbers to their last zero. */
  static String text(Node node) {
    StringBuilder out = new StringBuilder();
    write(node, false, out);
    return out.toString();
  }

  /**
   * One text for one meaning, whatever syntax it was written in: no white space, keys sorted,
   * numbers without needless zeros or exponents.
   */
  static String canonical(Node node) {
    StringBuilder out = new StringBuilder();
    write(node, true, out);
    return out.toString();
  }

  /** {@code sha256:<hex>} of a text's UTF-8. */
  static String digest(String text) {
    return digest(text.getBytes(StandardCharsets.UTF_8));
  }

  static String digest(byte[] bytes) {
    try {
      return "sha256:"
          + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** As Java's own types: maps, lists, strings, longs or doubles, booleans, null. */
  static @Nullable Object value(Node node) {
    return switch (node) {
      case Node.Mapping mapping -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        mapping.entries().forEach(entry -> map.put(entry.key(), value(entry.value())));
        yield map;
      }
      case Node.Sequence sequence -> {
        List<@Nullable Object> list = new ArrayList<>();
        sequence.items().forEach(item -> list.add(value(item)));
        yield list;
      }
      case Node.Scalar scalar ->
          switch (scalar.type()) {
            case TEXT -> scalar.text();
            case NUMBER -> number(scalar.text());
            case TRUTH -> Boolean.valueOf(scalar.text());
            case NOTHING -> null;
          };
    };
  }

  /** Whether arithmetic with a number costs no more than its text: no {@code 1e999999999}. */
  static boolean bearable(String number) {
    int exponent = Math.max(number.indexOf('e'), number.indexOf('E'));
    return number.length() <= 100 && (exponent < 0 || number.length() - exponent <= 5);
  }

  private static Object number(String text) {
    BigDecimal number = new BigDecimal(text);
    boolean whole = number.signum() == 0 || number.stripTrailingZeros().scale() <= 0;
    boolean fits = number.precision() - number.scale() <= 18;
    return whole && fits ? (Object) number.longValueExact() : (Object) number.doubleValue();
  }

  private static void write(Node node, boolean canonical, StringBuilder out) {
    switch (node) {
      case Node.Mapping mapping -> {
        List<Node.Entry> entries = new ArrayList<>(mapping.entries());
        if (canonical) {
          entries.sort(Comparator.comparing(Node.Entry::key));
        }
        out.append('{');
        String comma = "";
        for (Node.Entry entry : entries) {
          out.append(comma);
          comma = ",";
          quote(entry.key(), out);
          out.append(':');
          write(entry.value(), canonical, out);
        }
        out.append('}');
      }
      case Node.Sequence sequence -> {
        out.append('[');
        String comma = "";
        for (Node item : sequence.items()) {
          out.append(comma);
          comma = ",";
          write(item, canonical, out);
        }
        out.append(']');
      }
      case Node.Scalar scalar -> {
        switch (scalar.type()) {
          case TEXT -> quote(scalar.text(), out);
          case NUMBER -> out.append(canonical ? canonicalNumber(scalar.text()) : scalar.text());
          case TRUTH, NOTHING -> out.append(scalar.text());
        }
      }
    }
  }

  private static String canonicalNumber(String text) {
    BigDecimal number = new BigDecimal(text).stripTrailingZeros();
    return Math.abs(number.scale()) > 40 ? number.toString() : number.toPlainString();
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, out);
    out.append('"');
  }
}
