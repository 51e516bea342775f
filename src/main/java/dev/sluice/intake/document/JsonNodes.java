package dev.sluice.intake.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.sluice.model.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads JSON into nodes. */
final class JsonNodes {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Syntax.DEEPEST)
                  .maxStringLength(Syntax.MOST_CHARACTERS)
                  .maxNumberLength(100)
                  .build())
          .build();

  private final List<Problem> duplicates = new ArrayList<>();

  Node read(String text) {
    if (text.length() > Syntax.MOST_CHARACTERS) {
      throw new InvalidDocument(
          true,
          List.of(
              new Problem(
                  "", 0, 0, "must be at most 1 MiB, was " + text.length() + " characters")));
    }
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() == null) {
        throw malformed(Node.Place.UNKNOWN, "is empty");
      }
      Node node = value(parser);
      if (parser.nextToken() != null) {
        throw malformed(place(parser), "has something behind its end");
      }
      if (!duplicates.isEmpty()) {
        throw new InvalidDocument(true, duplicates);
      }
      return node;
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      Node.Place place =
          at == null ? Node.Place.UNKNOWN : new Node.Place(at.getLineNr(), at.getColumnNr());
      throw malformed(place, "is no JSON: " + said(e));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Node value(JsonParser parser) throws IOException {
    Node.Place at = place(parser);
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> object(parser, at);
      case START_ARRAY -> {
        List<Node> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(value(parser));
        }
        yield new Node.Sequence(items, at);
      }
      case VALUE_STRING -> new Node.Scalar(Node.Type.TEXT, parser.getText(), at);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        if (!Json.bearable(parser.getText())) {
          throw malformed(at, "has a number that is too long or too large");
        }
        yield new Node.Scalar(Node.Type.NUMBER, parser.getText(), at);
      }
      case VALUE_TRUE, VALUE_FALSE -> new Node.Scalar(Node.Type.TRUTH, parser.getText(), at);
      case VALUE_NULL -> new Node.Scalar(Node.Type.NOTHING, "null", at);
      case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("no value begins with " + token);
    };
  }

  private Node object(JsonParser parser, Node.Place at) throws IOException {
    List<Node.Entry> entries = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      Node.Place keyAt = place(parser);
      parser.nextToken();
      Node value = value(parser);
      if (keys.add(key)) {
        entries.add(new Node.Entry(key, keyAt, value));
      } else {
        duplicates.add(
            new Problem(key, keyAt.line(), keyAt.column(), "key '" + key + "' is there twice"));
      }
    }
    return new Node.Mapping(entries, at);
  }

  private static Node.Place place(JsonParser parser) {
    JsonLocation at = parser.currentTokenLocation();
    return new Node.Place(at.getLineNr(), at.getColumnNr());
  }

  private static InvalidDocument malformed(Node.Place at, String message) {
    return new InvalidDocument(true, List.of(new Problem("", at.line(), at.column(), message)));
  }

  /** What the parser found, without its advice to programmers on how to let it pass. */
  private static String said(JsonProcessingException e) {
    return e.getOriginalMessage().lines().findFirst().orElse("").replaceFirst(": enable `.*", "");
  }
}
