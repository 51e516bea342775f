package dev.sluice.signal.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the text in which servers publish their metrics: Prometheus' format 0.0.4, and of
 * OpenMetrics what looks the same. As strict as Prometheus: one bad line, and nothing counts.
 */
final class Exposition {
  /** More lines than any model server has; so that a stranger can't fill the memory. */
  private static final int MOST_LINES = 100_000;

  private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
  private static final Pattern LABEL =
      Pattern.compile(
          "\\s*([a-zA-Z_][a-zA-Z0-9_]*)\\s*=\\s*\"((?:[^\"\\\\\\n]|\\\\[\\\\\"n])*+)\"\\s*(,|(?=}))");

  /** Value, time stamp, exemplar; the time is the scrape's, whatever the server says. */
  private static final Pattern REST =
      Pattern.compile("[ \\t]+(\\S+)(?:[ \\t]+-?[0-9.]+)?[ \\t]*(?:# .*)?");

  private Exposition() {}

  /** One line: the metric's name under {@code __name__}. */
  record Point(Map<String, String> labels, double value) {}

  /**
   * @throws IllegalArgumentException naming the first line that can't be read
   */
  static List<Point> parse(String text) {
    List<Point> points = new ArrayList<>();
    String[] lines = text.split("\n", MOST_LINES + 1);
    if (lines.length > MOST_LINES) {
      throw new IllegalArgumentException("more than " + MOST_LINES + " lines");
    }
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i].strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      try {
        points.add(point(line));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "line %s: %s: '%s'".formatted(i + 1, e.getMessage(), clipped(line)), e);
      }
    }
    return points;
  }

  private static Point point(String line) {
    Matcher at = NAME.matcher(line);
    if (!at.lookingAt()) {
      throw new IllegalArgumentException("a metric's name is missing");
    }
    Map<String, String> labels = new TreeMap<>();
    labels.put("__name__", at.group());
    int next = at.end();
    if (next < line.length() && line.charAt(next) == '{') {
      next = labels(line, next + 1, labels);
    }
    at.usePattern(REST).region(next, line.length());
    if (!at.matches()) {
      throw new IllegalArgumentException("a value is missing");
    }
    return new Point(labels, Numbers.parse(at.group(1)));
  }

  private static int labels(String line, int from, Map<String, String> labels) {
    Matcher at = LABEL.matcher(line);
    int next = from;
    while (line.indexOf('}', next) >= 0 && !line.substring(next).stripLeading().startsWith("}")) {
      at.region(next, line.length());
      if (!at.lookingAt()) {
        throw new IllegalArgumentException("labels can't be read");
      }
      if (labels.put(at.group(1), unescaped(at.group(2))) != null) {
        throw new IllegalArgumentException("label '" + at.group(1) + "' comes twice");
      }
      next = at.end();
    }
    int close = line.indexOf('}', next);
    if (close < 0) {
      throw new IllegalArgumentException("'}' is missing");
    }
    return close + 1;
  }

  private static String unescaped(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i++);
      if (c == '\\') {
        c = text.charAt(i) == 'n' ? '\n' : text.charAt(i);
        i++;
      }
      plain.append(c);
    }
    return plain.toString();
  }

  private static String clipped(String line) {
    return line.length() <= 80 ? line : line.substring(0, 80) + "…";
  }
}
