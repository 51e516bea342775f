package dev.sluice.intake.rest;

import dev.sluice.intake.TestGates;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;

/** The controller's REST side with the catalog and gate kinds of the tests. */
public class RestProfile implements QuarkusTestProfile {
  @Override
  public Map<String, String> getConfigOverrides() {
    try {
      return Map.of(
          "sluice.home", Files.createTempDirectory("sluice-rest-test-").toString(),
          "sluice.intake.pipelines-directory", "src/test/resources/intake/catalog/pipelines",
          "sluice.intake.gates-directory", "src/test/resources/intake/catalog/gates",
          "sluice.intake.heartbeat", "200ms");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Set<Class<?>> getEnabledAlternatives() {
    return Set.of(TestGates.Anywhere.class, TestGates.ShadowOnly.class);
  }
}
