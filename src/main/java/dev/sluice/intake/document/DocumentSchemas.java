package dev.sluice.intake.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.gate.GateKinds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The JSON Schemas of the documents that {@link Documents} reads, for editors that complete and
 * check them while they are written. Of a gate's parameters each {@link dev.sluice.gate.GateKind}
 * knows the schema itself. A test changes valid documents in every place and way and holds both
 * readings against each other, so that neither learns of a key without the other.
 */
public final class DocumentSchemas {
  /** The dialect of all of them. */
  public static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

  private static final String ANY = "document.schema.json";

  private static final ObjectWriter JSON =
      new JsonMapper()
          .writer(
              new DefaultPrettyPrinter()
                  .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                  .withArrayIndenter(new DefaultIndenter("  ", "\n")));

  private final GateKinds kinds;

  public DocumentSchemas(GateKinds kinds) {
    this.kinds = kinds;
  }

  /**
   * Every schema as JSON text, by the file it is published as: one for each kind of document, as
   * {@code quality-gate.schema.json}, and {@code document.schema.json}, which refers to them, for
   * files that hold several kinds.
   */
  public SequencedMap<String, String> texts() {
    SequencedMap<String, String> texts = new LinkedHashMap<>();
    all().forEach((file, schema) -> texts.put(file, text(schema)));
    return texts;
  }

  private static String text(Map<String, Object> schema) {
    try {
      return JSON.writeValueAsString(schema) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a schema that can't be written", e);
    }
  }

  private SequencedMap<String, Map<String, Object>> all() {
    SequencedMap<String, Map<String, Object>> all = new LinkedHashMap<>();
    List<Object> cases = new ArrayList<>();
    for (String kind : Head.KINDS) {
      SequencedMap<String, Object> one = titled(kind + " of Sluice");
      one.putAll(document(kind));
      all.put(file(kind), one);
      cases.add(
          Shape.ordered(
              "if",
              Shape.ordered(
                  "properties",
                  Shape.ordered("kind", Shape.ordered("const", kind)),
                  "required",
                  List.of("kind")),
              "then",
              Shape.ordered("$ref", file(kind))));
    }
    SequencedMap<String, Object> any = titled("Any document of Sluice");
    any.putAll(
        Shape.ordered(
            "type",
            "object",
            "properties",
            Shape.ordered("kind", Shape.word(Head.KINDS)),
            "required",
            List.of("kind"),
            "allOf",
            cases));
    all.put(ANY, any);
    return all;
  }

  /** What the schema of a kind of document is published as. */
  static String file(String kind) {
    return kind.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT) + ".schema.json";
  }

  private static SequencedMap<String, Object> titled(String title) {
    return Shape.ordered("$schema", DIALECT, "title", title);
  }

  private Map<String, Object> document(String kind) {
    Shape metadata = new Shape().required("name", Shape.text(Shape.LABEL), "a DNS label");
    if (kind.equals("ModelService")) {
      metadata.optional("labels", Shape.mapOf(Shape.anyText()), "for whoever looks for it");
    }
    return new Shape()
        .optional(
            "apiVersion",
            Shape.word(List.of(Head.API_VERSION)),
            Head.API_VERSION,
            "may be left out")
        .required("kind", Shape.word(List.of(kind)), "what it is")
        .required("metadata", metadata.type(), "what it is called")
        .required("spec", spec(kind), "what it says")
        .type();
  }

  private Map<String, Object> spec(String kind) {
    return switch (kind) {
      case "Pipeline" -> PipelineShape.spec();
      case "QualityGate" -> GateShape.spec(kinds);
      case "GoldenSet" -> GoldenShape.spec();
      case "ModelService" -> ServiceShape.spec();
      case "ModelVersion" -> VersionShape.spec();
      default -> throw new IllegalStateException("no schema is known of kind " + kind);
    };
  }
}
