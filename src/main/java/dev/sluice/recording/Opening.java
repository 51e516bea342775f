package dev.sluice.recording;

import dev.sluice.json.ModelJson;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Release;
import dev.sluice.model.Serving;
import java.util.List;
import java.util.Map;

/**
 * The state that a release was taken up in: where every replay of it begins.
 *
 * @param format of the looks that follow, {@link #FORMAT}
 * @param release still in phase {@code submitted}
 * @param versions every registered version that its gates may ask for
 */
public record Opening(
    int format,
    Release release,
    ModelService service,
    Serving serving,
    List<ModelVersion> versions) {
  /**
   * The form in which looks are kept. Whoever changes it changes this, and reads both or refuses.
   */
  public static final int FORMAT = 1;

  public Opening {
    versions = List.copyOf(versions);
  }

  /** In the present form. */
  public static Opening of(
      Release release, ModelService service, Serving serving, List<ModelVersion> versions) {
    return new Opening(FORMAT, release, service, serving, versions);
  }

  /**
   * Whether the release has that gate, and what it asks for is the same. Numbers that were read
   * from a file and such that were stored may be of different types.
   */
  public boolean asks(QualityGate gate) {
    QualityGate own = release.gates().get(gate.name());
    return own != null
        && own.kind().equals(gate.kind())
        && plain(own.parameters()).equals(plain(gate.parameters()))
        && own.terms().minimum().equals(gate.terms().minimum());
  }

  private static Map<?, ?> plain(Map<String, Object> parameters) {
    return ModelJson.read(ModelJson.write(parameters), Map.class);
  }

  /** As JSON text. */
  public String toJson() {
    return ModelJson.write(this);
  }

  /** Reads {@link #toJson}; {@link IllegalStateException} where it is something else. */
  public static Opening fromJson(String json) {
    return ModelJson.read(json, Opening.class);
  }
}
