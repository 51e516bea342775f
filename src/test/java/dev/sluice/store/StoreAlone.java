package dev.sluice.store;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The application without its loop: nobody but the test claims, and no file is read. */
public class StoreAlone implements QuarkusTestProfile {
  /** Each start has a home of its own: what the one before it locked there isn't given back. */
  @Override
  public Map<String, String> getConfigOverrides() {
    Path home;
    try {
      home = Files.createTempDirectory("sluice-store-alone-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Map.of(
        "quarkus.arc.exclude-types", "dev.sluice.Running",
        "quarkus.http.test-port", "0",
        "sluice.home", home.toString(),
        "sluice.intake.pipelines-directory", home.resolve("pipelines").toString(),
        "sluice.intake.gates-directory", home.resolve("gates").toString());
  }
}
