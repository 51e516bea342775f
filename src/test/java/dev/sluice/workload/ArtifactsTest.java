package dev.sluice.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.ModelVersion;
import dev.sluice.model.ModelVersion.Artifact;
import dev.sluice.model.Rejected;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactsTest {
  /** SHA-256 of {@code abc}, from FIPS 180-2, appendix B.1. */
  private static final String ABC =
      "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @TempDir Path folder;
  private Artifacts artifacts;
  private Path file;

  @BeforeEach
  void setUp() throws Exception {
    Files.createDirectories(folder.resolve("root/models"));
    file = Files.writeString(folder.resolve("root/models/a b.bin"), "abc");
    Files.writeString(folder.resolve("outside.bin"), "abc");
    artifacts = new Artifacts(folder.resolve("root"));
  }

  @Test
  void fileWithItsDeclaredDigestIsFoundByRelativeAndAbsoluteUri() {
    assertThat(artifacts.verified(version("models/a%20b.bin", ABC))).isEqualTo(file);
    assertThat(artifacts.verified(version(file.toUri().toString(), ABC))).isEqualTo(file);
  }

  @Test
  void whatCannotBeRunHereIsRejected() {
    rejected(version("models/a%20b.bin", "sha256:00"), "sha256:00", ABC);
    rejected(version("models/missing.bin", ABC), "no readable file");
    rejected(version("models", ABC), "no readable file");
    rejected(version("../outside.bin", ABC), "outside");
    rejected(version("s3://bucket/model", ABC), "'s3://bucket/model'");
  }

  @Test
  void fingerprintChangesWithTheFile() throws Exception {
    ModelVersion version = version("models/a%20b.bin", ABC);
    String before = artifacts.fingerprint(version);
    assertThat(artifacts.fingerprint(version)).isEqualTo(before);
    Files.writeString(file, "longer");
    assertThat(artifacts.fingerprint(version)).isNotEqualTo(before);
    Files.delete(file);
    assertThat(artifacts.fingerprint(version)).startsWith("unreadable");
  }

  private void rejected(ModelVersion version, String... words) {
    assertThatThrownBy(() -> artifacts.verified(version))
        .isInstanceOf(Rejected.class)
        .hasMessageContainingAll(words);
  }

  private static ModelVersion version(String uri, String digest) {
    return Workbench.version(new Artifact(URI.create(uri), digest));
  }
}
