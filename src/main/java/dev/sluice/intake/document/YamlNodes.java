package dev.sluice.intake.document;

import dev.sluice.model.Problem;
import java.io.StringReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingEndEvent;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceEndEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;

/**
 * Reads YAML into nodes from the parser's events: nothing is constructed, so no tag, alias or merge
 * key can do anything. Plain scalars have the types of YAML 1.2's core schema ({@code no} is text).
 */
final class YamlNodes {
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d+)?");
  private static final Pattern JSON_NUMBER =
      Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][-+]?\\d+)?");

  private final String text;
  private final List<Problem> refused = new ArrayList<>();

  YamlNodes(String text) {
    this.text = text;
  }

  List<Node> documents() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(Syntax.MOST_CHARACTERS);
    options.setNestingDepthLimit(Syntax.DEEPEST);
    List<Node> documents = new ArrayList<>();
    try {
      Iterator<Event> events =
          new Yaml(new SafeConstructor(options)).parse(new StringReader(text)).iterator();
      while (events.hasNext()) {
        if (events.next() instanceof DocumentStartEvent) {
          documents.add(node(events.next(), events, 1));
        }
      }
    } catch (MarkedYAMLException e) {
      throw malformed(place(e.getProblemMark()), "is no YAML: " + e.getProblem());
    } catch (YAMLException e) {
      throw malformed(
          Node.Place.UNKNOWN,
          "is no YAML: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
    if (documents.isEmpty()) {
      throw malformed(Node.Place.UNKNOWN, "is empty");
    }
    if (!refused.isEmpty()) {
      throw new InvalidDocument(true, refused);
    }
    return documents;
  }

  private Node node(Event event, Iterator<Event> events, int depth) {
    Node.Place at = place(event.getStartMark());
    if (depth > Syntax.DEEPEST) {
      throw malformed(at, "nests deeper than " + Syntax.DEEPEST + " levels");
    }
    if (event instanceof AliasEvent alias) {
      refuse(at, "aliases are not read: write *" + alias.getAnchor() + " out");
      return new Node.Scalar(Node.Type.NOTHING, "null", at);
    }
    if (event instanceof NodeEvent anchored && anchored.getAnchor() != null) {
      refuse(at, "anchors are not read: leave &" + anchored.getAnchor() + " out");
    }
    return switch (event) {
      case ScalarEvent scalar -> {
        refuseTag(scalar.getTag(), at);
        yield scalar(scalar, at);
      }
      case SequenceStartEvent start -> {
        refuseTag(start.getTag(), at);
        List<Node> items = new ArrayList<>();
        Event next = events.next();
        while (!(next instanceof SequenceEndEvent)) {
          items.add(node(next, events, depth + 1));
          next = events.next();
        }
        yield new Node.Sequence(items, at);
      }
      case MappingStartEvent start -> {
        refuseTag(start.getTag(), at);
        yield mapping(events, at, depth);
      }
      default -> throw new IllegalStateException("no node begins with " + event);
    };
  }

  private Node mapping(Iterator<Event> events, Node.Place at, int depth) {
    List<Node.Entry> entries = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    Event next = events.next();
    while (!(next instanceof MappingEndEvent)) {
      Node key = node(next, events, depth + 1);
      Node value = node(events.next(), events, depth + 1);
      if (!(key instanceof Node.Scalar name)) {
        refuse(key.at(), "a key must be text, was " + key.what());
      } else if (keys.add(name.text())) {
        entries.add(new Node.Entry(name.text(), name.at(), value));
      } else {
        refuse(key.at(), "key '" + name.text() + "' is there twice");
      }
      next = events.next();
    }
    return new Node.Mapping(entries, at);
  }

  private Node.Scalar scalar(ScalarEvent event, Node.Place at) {
    String value = event.getValue();
    if (event.getScalarStyle() != DumperOptions.ScalarStyle.PLAIN) {
      return new Node.Scalar(Node.Type.TEXT, value, at);
    }
    return switch (value) {
      case "", "~", "null", "Null", "NULL" -> new Node.Scalar(Node.Type.NOTHING, "null", at);
      case "true", "True", "TRUE" -> new Node.Scalar(Node.Type.TRUTH, "true", at);
      case "false", "False", "FALSE" -> new Node.Scalar(Node.Type.TRUTH, "false", at);
      default -> {
        if (!NUMBER.matcher(value).matches()) {
          yield new Node.Scalar(Node.Type.TEXT, value, at);
        }
        if (!Json.bearable(value)) {
          refuse(
              at,
              "the number is too long or too large: "
                  + new Node.Scalar(Node.Type.NUMBER, value, at).what());
          yield new Node.Scalar(Node.Type.NUMBER, "0", at);
        }
        // +1, .5, 007 are numbers to YAML that JSON would write otherwise
        String number =
            JSON_NUMBER.matcher(value).matches() ? value : new BigDecimal(value).toString();
        yield new Node.Scalar(Node.Type.NUMBER, number, at);
      }
    };
  }

  private void refuseTag(@Nullable String tag, Node.Place at) {
    if (tag != null) {
      refuse(at, "tags are not read: leave " + tag + " out");
    }
  }

  private void refuse(Node.Place at, String message) {
    refused.add(new Problem("", at.line(), at.column(), message));
  }

  private static InvalidDocument malformed(Node.Place at, String message) {
    return new InvalidDocument(true, List.of(new Problem("", at.line(), at.column(), message)));
  }

  private static Node.Place place(@Nullable Mark mark) {
    return mark == null
        ? Node.Place.UNKNOWN
        : new Node.Place(mark.getLine() + 1, mark.getColumn() + 1);
  }
}
