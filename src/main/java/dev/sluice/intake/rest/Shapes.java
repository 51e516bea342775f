package dev.sluice.intake.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Documents on their way out, and how OpenAPI describes them. */
@Singleton
class Shapes {
  private final ObjectMapper json;

  Shapes(ObjectMapper json) {
    this.json = json;
  }

  /** A stored document as a tree that more can be put beside. */
  ObjectNode document(String text) {
    try {
      return json.readValue(text, ObjectNode.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored document is no JSON", e);
    }
  }

  /** Any document: {@code apiVersion}, {@code kind}, {@code metadata}, {@code spec}. */
  @Schema(
      name = "Document",
      description = "A ModelService, ModelVersion, Pipeline, QualityGate or GoldenSet")
  record AnyDocument(
      @Schema(description = "sluice.dev/v1alpha1") String apiVersion,
      @Schema(required = true) String kind,
      @Schema(required = true) Metadata metadata,
      @Schema(required = true) Map<String, Object> spec) {}

  @Schema(name = "Metadata")
  record Metadata(
      @Schema(required = true, description = "A DNS label") String name,
      Map<String, String> labels) {}

  @Schema(name = "Documents")
  record Documents(List<AnyDocument> items) {}
}
