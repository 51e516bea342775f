package dev.sluice.store;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** The application without its loop: nobody but the test claims, and no file is read. */
public class StoreAlone implements QuarkusTestProfile {
  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(
        "quarkus.arc.exclude-types", "dev.sluice.Running",
        "quarkus.http.test-port", "0",
        "sluice.home", "target/store-alone",
        "sluice.intake.pipelines-directory", "target/store-alone/pipelines",
        "sluice.intake.gates-directory", "target/store-alone/gates");
  }
}
