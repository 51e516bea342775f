package dev.sluice.signal.promql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * PromQL with places to be filled in, each within the value of a label: {@code
 * requests_total{version="{{version}}"}}. What is filled in are names of the domain, which need no
 * quoting.
 *
 * @param text as written in a policy
 */
public record Template(String text) {
  private static final Pattern PLACE = Pattern.compile("\\{\\{\\s*([a-z]+)\\s*\\}\\}");

  /** The places it has. */
  public Set<String> places() {
    Set<String> places = new TreeSet<>();
    Matcher at = PLACE.matcher(text);
    while (at.find()) {
      places.add(at.group(1));
    }
    return places;
  }

  /**
   * With its places filled in.
   *
   * @throws IllegalArgumentException if one is not given
   */
  public String filled(Map<String, String> names) {
    return PLACE
        .matcher(text)
        .replaceAll(
            place -> {
              String name = names.get(place.group(1));
              if (name == null) {
                throw new IllegalArgumentException("nothing to fill in for " + place.group());
              }
              return Matcher.quoteReplacement(name);
            });
  }

  /**
   * What is wrong with it: it must parse; it must have the places that are required and none that
   * isn't known; and a place must be what a label is compared with, since only then can the series
   * that come back be those of a version.
   */
  public List<String> problems(Set<String> known, Set<String> required) {
    List<String> problems = new ArrayList<>();
    for (String place : places()) {
      if (!known.contains(place)) {
        problems.add(
            "{{%s}} is unknown: known are %s"
                .formatted(
                    place, String.join(", ", known.stream().map(k -> "{{" + k + "}}").toList())));
      }
    }
    for (String place : required) {
      if (!places().contains(place)) {
        problems.add("must say {{%s}} in a label matcher, was '%s'".formatted(place, text));
      }
    }
    Map<String, String> stand = new TreeMap<>();
    // as long as the place itself, so that a column is that of the text as written
    places().forEach(place -> stand.put(place, place + "zzzz"));
    try {
      Promql parsed = Promql.parse(filled(stand));
      stand.forEach(
          (place, name) -> {
            long all = count(parsed.text(), name);
            long matched =
                parsed.selectors().stream()
                    .flatMap(selector -> selector.matchers().stream())
                    .filter(m -> m.op().selects())
                    .mapToLong(m -> count(m.value(), name))
                    .sum();
            if (matched < all) {
              problems.add(
                  "{{%s}} must be what a label is compared with, by = or =~".formatted(place));
            }
          });
    } catch (SyntaxError e) {
      problems.add("is no PromQL: " + e.told() + ": '" + text + "'");
    }
    return problems;
  }

  private static long count(String text, String word) {
    return Pattern.compile(Pattern.quote(word)).matcher(text).results().count();
  }
}
