package dev.sluice.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** Writes answers in the form that was asked for. */
final class Output {
  /** The forms. */
  enum Format {
    TABLE,
    JSON,
    YAML
  }

  private final PrintWriter out;
  private final Format format;

  Output(PrintWriter out, Format format) {
    this.out = out;
    this.format = format;
  }

  /** Writes an answer whole, or as {@code table} tells it to a person. */
  void show(JsonNode answer, Function<JsonNode, String> table) {
    String text =
        switch (format) {
          case TABLE -> table.apply(answer);
          case JSON -> json(answer);
          case YAML -> yaml(answer);
        };
    out.println(text.stripTrailing());
    out.flush();
  }

  /** Writes a document as it came, whatever form was asked for. */
  void raw(String document) {
    out.println(document.stripTrailing());
    out.flush();
  }

  /** Writes one line to a person; nothing where a machine reads. */
  void say(String line) {
    if (format == Format.TABLE) {
      out.println(line);
      out.flush();
    }
  }

  static String json(JsonNode node) {
    try {
      return Api.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree that can't be written", e);
    }
  }

  static String yaml(JsonNode node) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setWidth(100);
    options.setSplitLines(false);
    return new Yaml(options).dump(plain(node));
  }

  private static @Nullable Object plain(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        node.properties().forEach(e -> map.put(e.getKey(), plain(e.getValue())));
        yield map;
      }
      case ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        node.forEach(item -> list.add(plain(item)));
        yield list;
      }
      case NUMBER -> node.numberValue();
      case BOOLEAN -> node.booleanValue();
      case STRING, BINARY -> node.asText();
      case NULL, MISSING, POJO -> null;
    };
  }
}
