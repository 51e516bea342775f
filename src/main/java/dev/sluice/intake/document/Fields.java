package dev.sluice.intake.document;

import dev.sluice.model.AdmissionPolicy.Rate;
import dev.sluice.model.Names;
import dev.sluice.model.Share;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one mapping, read by type. What is wrong goes to {@link Problems} and a stand-in is
 * answered, so that reading goes on and finds everything; nothing may be made of what was read
 * before {@link Problems#count} was asked.
 */
final class Fields {
  private static final Pattern PATH = Pattern.compile("[.\\[\\]]+");
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  private final Node.Mapping node;
  private final String path;
  private final Problems problems;
  private final Set<String> asked = new LinkedHashSet<>();

  Fields(Node node, String path, Problems problems) {
    this.path = path;
    this.problems = problems;
    if (node instanceof Node.Mapping mapping) {
      this.node = mapping;
    } else {
      problems.add(path, node.at(), "must be a mapping, was " + node.what());
      this.node = new Node.Mapping(List.of(), node.at());
    }
  }

  // ---- where it is ----

  String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  Node.Place at() {
    return node.at();
  }

  Node.Place at(String key) {
    Node.Entry entry = node.entry(key);
    return entry == null ? deepest(key) : entry.value().at();
  }

  /** Where the deepest part of a path lies that exists, as {@code margin.p50} or {@code a[2].b}. */
  Node.Place deepest(String relative) {
    return deepestNode(relative).at();
  }

  private Node deepestNode(String relative) {
    Node here = node;
    for (String part : PATH.splitAsStream(relative).toList()) {
      Node next = null;
      if (here instanceof Node.Mapping mapping) {
        Node.Entry entry = mapping.entry(part);
        next = entry == null ? null : entry.value();
      } else if (here instanceof Node.Sequence sequence && part.matches("\\d{1,6}")) {
        int index = Integer.parseInt(part);
        next = index < sequence.items().size() ? sequence.items().get(index) : null;
      }
      if (next == null) {
        return here;
      }
      here = next;
    }
    return here;
  }

  /** Where a key stands that is there, here or below. */
  private Node.Place keyAt(String relative) {
    int dot = relative.lastIndexOf('.');
    Node parent = dot < 0 ? node : deepestNode(relative.substring(0, dot));
    Node.Entry entry =
        parent instanceof Node.Mapping mapping ? mapping.entry(relative.substring(dot + 1)) : null;
    return entry == null ? parent.at() : entry.at();
  }

  List<Node.Entry> entries() {
    return node.entries();
  }

  void wrong(String key, String message) {
    problems.add(path(key), at(key), message);
  }

  // ---- presence ----

  /** The value of a key; null where the key is missing or null. */
  @Nullable Node node(String key) {
    asked.add(key);
    Node.Entry entry = node.entry(key);
    return entry == null || isNull(entry.value()) ? null : entry.value();
  }

  boolean has(String key) {
    return node(key) != null;
  }

  private @Nullable Node required(String key) {
    Node found = node(key);
    if (found == null) {
      wrong(key, "is missing");
    }
    return found;
  }

  /** A field of the design that this Sluice does not have yet: refused, never ignored. */
  void notYet(String key, String where) {
    if (has(key)) {
      wrong(key, "is not supported yet " + where);
    }
  }

  /** Every key that nobody asked for is a problem. */
  void end() {
    for (Node.Entry entry : node.entries()) {
      if (!asked.contains(entry.key())) {
        unknown(entry.key(), entry.key(), asked);
      }
    }
  }

  /**
   * A key that nobody asked for.
   *
   * @param relative its path, here or below
   * @param known the keys that it could have been
   */
  void unknown(String relative, String key, Collection<String> known) {
    String near = Spelling.nearest(key, known);
    problems.add(
        path(relative),
        keyAt(relative),
        "is unknown"
            + (near == null
                ? known.isEmpty() ? "" : "; known are " + String.join(", ", known)
                : "; did you mean " + near + "?"));
  }

  // ---- text ----

  String text(String key) {
    Node found = required(key);
    return found == null ? "" : text(key, found);
  }

  @Nullable String textOrNull(String key) {
    Node found = node(key);
    return found == null ? null : text(key, found);
  }

  String text(String key, String fallback) {
    Node found = node(key);
    return found == null ? fallback : text(key, found);
  }

  /** May be empty. */
  String anyText(String key, Node found) {
    String text = textOf(found, path(key), problems);
    return text == null ? "" : text;
  }

  private String text(String key, Node found) {
    String text = textOf(found, path(key), problems);
    if (text != null && text.isBlank()) {
      problems.add(path(key), found.at(), "must not be blank");
    }
    return text == null ? "" : text;
  }

  static @Nullable String textOf(Node found, String path, Problems problems) {
    if (found instanceof Node.Scalar scalar && scalar.type() == Node.Type.TEXT) {
      return scalar.text();
    }
    problems.add(
        path,
        found.at(),
        "must be text, was "
            + found.what()
            + (found instanceof Node.Scalar ? ": put it in quotes" : ""));
    return null;
  }

  /** A name of the domain: a DNS label. */
  String label(String key) {
    Node found = required(key);
    return found == null ? "" : label(key, found);
  }

  @Nullable String labelOrNull(String key) {
    Node found = node(key);
    return found == null ? null : label(key, found);
  }

  private String label(String key, Node found) {
    String text = text(key, found);
    if (!text.isBlank() && !Names.isLabel(text)) {
      wrong(key, "must be 1..63 lower-case letters, digits and inner hyphens, was '" + text + "'");
    }
    return text;
  }

  String digest(String key) {
    return digest(key, text(key));
  }

  @Nullable String digestOrNull(String key) {
    String text = textOrNull(key);
    return text == null ? null : digest(key, text);
  }

  private String digest(String key, String text) {
    if (!text.isBlank() && !DIGEST.matcher(text).matches()) {
      wrong(key, "must be sha256: and 64 hexadecimal digits, was '" + text + "'");
    }
    return text;
  }

  URI uri(String key) {
    String text = text(key);
    try {
      URI uri = new URI(text);
      if (!text.isBlank() && !uri.isAbsolute()) {
        wrong(key, "must be a URI with a scheme, was '" + text + "'");
      }
      return uri;
    } catch (URISyntaxException e) {
      wrong(key, "must be a URI, was '" + text + "': " + e.getReason());
      return URI.create("");
    }
  }

  /** One of the words. */
  <T> T word(String key, Map<String, T> words, T fallback) {
    Node found = node(key);
    if (found == null) {
      return fallback;
    }
    String text = text(key, found);
    T value = words.get(text);
    if (value == null && !text.isBlank()) {
      wrong(key, "must be one of " + String.join(", ", words.keySet()) + ", was '" + text + "'");
    }
    return value == null ? fallback : value;
  }

  // ---- numbers and units ----

  int count(String key, int least, int most, int fallback) {
    Node found = node(key);
    if (found == null) {
      return fallback;
    }
    if (found instanceof Node.Scalar scalar && scalar.type() == Node.Type.NUMBER) {
      BigDecimal number = new BigDecimal(scalar.text());
      if (number.compareTo(BigDecimal.valueOf(least)) >= 0
          && number.compareTo(BigDecimal.valueOf(most)) <= 0
          && number.remainder(BigDecimal.ONE).signum() == 0) {
        return number.intValueExact();
      }
    }
    wrong(key, "must be a whole number from " + least + " to " + most + ", was " + found.what());
    return fallback;
  }

  @Nullable Double numberOrNull(String key) {
    Node found = node(key);
    if (found == null) {
      return null;
    }
    if (found instanceof Node.Scalar scalar && scalar.type() == Node.Type.NUMBER) {
      return new BigDecimal(scalar.text()).doubleValue();
    }
    wrong(key, "must be a number, was " + found.what());
    return null;
  }

  @Nullable Instant timeOrNull(String key) {
    String text = textOrNull(key);
    try {
      return text == null || text.isBlank() ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      wrong(key, "must be a time as 2030-01-31T12:00:00Z, was '" + text + "'");
      return null;
    }
  }

  boolean truth(String key, boolean fallback) {
    Node found = node(key);
    if (found == null) {
      return fallback;
    }
    if (found instanceof Node.Scalar scalar && scalar.type() == Node.Type.TRUTH) {
      return scalar.text().equals("true");
    }
    wrong(key, "must be true or false, was " + found.what());
    return fallback;
  }

  Duration duration(String key, Duration fallback) {
    return unit(key, fallback, Units::duration);
  }

  /** Above zero. */
  Duration span(String key, Duration fallback) {
    int before = problems.count();
    Duration duration = duration(key, fallback);
    if (problems.count() == before && has(key) && duration.isZero()) {
      wrong(key, "must be above zero");
    }
    return duration;
  }

  Share share(String key, Share fallback) {
    return unit(key, fallback, Share::parse);
  }

  Share share(String key) {
    Node found = required(key);
    return found == null ? Share.NONE : share(key, Share.NONE);
  }

  long bytes(String key, long fallback) {
    Node found = node(key);
    if (found instanceof Node.Scalar scalar && scalar.type() == Node.Type.NUMBER) {
      return parsed(key, scalar.text(), fallback, Units::bytes);
    }
    return unit(key, fallback, Units::bytes);
  }

  @Nullable Rate rateOrNull(String key) {
    String text = textOrNull(key);
    try {
      return text == null || text.isBlank() ? null : Units.rate(text);
    } catch (IllegalArgumentException e) {
      wrong(key, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private <T> T unit(String key, T fallback, Function<String, T> read) {
    Node found = node(key);
    if (found == null) {
      return fallback;
    }
    if (found instanceof Node.Scalar scalar && scalar.type() != Node.Type.NOTHING) {
      return parsed(key, scalar.text(), fallback, read);
    }
    wrong(key, "must be text with a unit, was " + found.what());
    return fallback;
  }

  private <T> T parsed(String key, String text, T fallback, Function<String, T> read) {
    try {
      return read.apply(text);
    } catch (IllegalArgumentException e) {
      wrong(key, String.valueOf(e.getMessage()));
      return fallback;
    }
  }

  // ---- structures ----

  /** An optional mapping; where it is missing, one without keys. */
  Fields object(String key) {
    Node found = node(key);
    return new Fields(
        found == null ? new Node.Mapping(List.of(), node.at()) : found, path(key), problems);
  }

  Fields requiredObject(String key) {
    Node found = required(key);
    return new Fields(
        found == null ? new Node.Mapping(List.of(), node.at()) : found, path(key), problems);
  }

  /** The items of an optional list; empty where it is missing. */
  List<Node> list(String key) {
    Node found = node(key);
    if (found == null) {
      return List.of();
    }
    if (found instanceof Node.Sequence sequence) {
      return sequence.items();
    }
    wrong(key, "must be a list, was " + found.what());
    return List.of();
  }

  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    List<Node> items = list(key);
    for (int i = 0; i < items.size(); i++) {
      String text = textOf(items.get(i), path(key) + "[" + i + "]", problems);
      if (text != null) {
        texts.add(text);
      }
    }
    return texts;
  }

  Map<String, String> textMap(String key) {
    Map<String, String> map = new LinkedHashMap<>();
    Fields fields = object(key);
    for (Node.Entry entry : fields.entries()) {
      String text = textOf(entry.value(), fields.path(entry.key()), problems);
      if (text != null) {
        map.put(entry.key(), text);
      }
    }
    return map;
  }

  private static boolean isNull(Node node) {
    return node instanceof Node.Scalar scalar && scalar.type() == Node.Type.NOTHING;
  }
}
