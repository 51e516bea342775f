package dev.sluice.router.admission;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests by their method and path. */
public final class RequestPatterns {
  private static final Pattern TEXT = Pattern.compile("([A-Z]+)\\s+(/\\S*)");

  private record Operation(String method, List<String> segments) {}

  private final List<Operation> patterns = new ArrayList<>();

  /**
   * Reads {@code METHOD /path/with/*}.
   *
   * @throws IllegalArgumentException quotes a pattern that looks otherwise
   */
  public RequestPatterns(List<String> texts) {
    for (String text : texts) {
      Matcher m = TEXT.matcher(text.strip());
      if (!m.matches()) {
        throw new IllegalArgumentException(
            "requests must look like POST /v1/path/*, was '" + text + "'");
      }
      patterns.add(new Operation(m.group(1), List.of(m.group(2).split("/", -1))));
    }
  }

  /** Whether a request to {@code path} (without query) is one of them. */
  public boolean covers(String method, String path) {
    if (patterns.isEmpty() || path.toLowerCase(Locale.ROOT).contains("%2e")) {
      return false;
    }
    List<String> segments = List.of(path.split("/", -1));
    for (String segment : segments) {
      if (segment.equals(".") || segment.equals("..")) {
        return false; // where it leads is the upstream's to say, not the pattern's
      }
    }
    return patterns.stream()
        .anyMatch(p -> p.method().equals(method) && matches(p.segments(), segments));
  }

  private static boolean matches(List<String> pattern, List<String> segments) {
    if (pattern.size() != segments.size()) {
      return false;
    }
    for (int i = 0; i < pattern.size(); i++) {
      boolean any = pattern.get(i).equals("*") && !segments.get(i).isEmpty();
      if (!any && !pattern.get(i).equals(segments.get(i))) {
        return false;
      }
    }
    return true;
  }
}
