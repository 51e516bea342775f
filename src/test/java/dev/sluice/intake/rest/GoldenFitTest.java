package dev.sluice.intake.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.intake.TestGates;
import dev.sluice.intake.catalog.Catalog;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Pipeline;
import dev.sluice.model.QualityGate;
import dev.sluice.model.ServiceName;
import dev.sluice.model.VersionName;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GoldenFitTest {
  private static final Path FILES = Path.of("src/test/resources/intake/catalog");

  private final Catalog catalog =
      Catalog.load(FILES.resolve("pipelines"), FILES.resolve("gates"), TestGates.KINDS, Set.of());
  private final Pipeline pipeline = catalog.pipeline("full").orElseThrow();

  private List<String> problems(@Nullable String requestSchema, Map<String, Object> parameters) {
    QualityGate gate = new QualityGate("g", "anywhere", QualityGate.Mode.ENFORCE, 0, parameters);
    return GoldenFit.problems(pipeline, List.of(gate), candidate(requestSchema), catalog);
  }

  private static ModelVersion candidate(@Nullable String requestSchema) {
    return new ModelVersion(
        new VersionName("v2"),
        new ServiceName("digits"),
        null,
        new ModelVersion.Artifact(URI.create("s3://models/v2"), "sha256:" + "0".repeat(64)),
        null,
        new ModelVersion.Contract(requestSchema, null),
        new ModelVersion.Resources(0, 0, 0),
        ModelVersion.Warmup.NONE,
        List.of(),
        Map.of(),
        "sha256:0");
  }

  @Test
  void goldenRequestsThatTheCandidateTakesAreFit() {
    assertThat(problems(null, Map.of())).isEmpty();
    assertThat(problems("{\"required\": [\"inputs\"]}", Map.of("golden", "digits"))).isEmpty();
  }

  @Test
  void itemsThatItsSchemaRefusesAreNamed() {
    assertThat(problems("{\"properties\": {\"inputs\": {\"minItems\": 1}}}", Map.of()))
        .singleElement()
        .asString()
        .startsWith("golden set 'digits' doesn't keep the request schema of version v2: item 2: ")
        .contains("/inputs");
  }

  @Test
  void setThatIsNotThereIsNamed() {
    assertThat(problems(null, Map.of("golden", "digit")))
        .containsExactly("no golden set is called 'digit'");
  }
}
