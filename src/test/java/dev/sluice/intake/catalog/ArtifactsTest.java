package dev.sluice.intake.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.ModelVersion;
import dev.sluice.model.Problem;
import dev.sluice.model.ServiceName;
import dev.sluice.model.VersionName;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactsTest {
  @TempDir Path directory;

  @Test
  void artifactThatIsWhatItsDigestSaysIsSound() throws IOException {
    Path file = Files.writeString(directory.resolve("model"), "weights");
    assertThat(check(file.toUri(), sha256(Files.readAllBytes(file)))).isEmpty();
  }

  @Test
  void digestThatDoesNotMatchIsNamed() throws IOException {
    Path file = Files.writeString(directory.resolve("model"), "weights");
    assertThat(check(file.toUri(), "0".repeat(64)))
        .extracting(Problem::path)
        .containsExactly("spec.model.digest");
  }

  @Test
  void fileOutsideTheAllowedDirectoriesIsNotEvenRead() throws IOException {
    Path allowed = Files.createDirectory(directory.resolve("allowed"));
    Path outside = Files.writeString(directory.resolve("outside"), "secret");
    Path link = Files.createSymbolicLink(allowed.resolve("link"), outside);
    Artifacts artifacts = new Artifacts(List.of(allowed));
    for (URI uri : List.of(outside.toUri(), link.toUri(), URI.create("file:/etc/hostname"))) {
      assertThat(artifacts.check(version(uri, "0".repeat(64))))
          .extracting(Problem::path)
          .containsExactly("spec.model.uri");
    }
  }

  @Test
  void missingFileIsNamed() {
    assertThat(check(directory.resolve("nothing").toUri(), "0".repeat(64)))
        .extracting(Problem::message)
        .allMatch(message -> message.contains("can't be read"));
  }

  @Test
  void whatLiesElsewhereIsLeftToWhoeverFetchesIt() {
    assertThat(check(URI.create("s3://models/x"), "0".repeat(64))).isEmpty();
  }

  private List<Problem> check(URI uri, String hex) {
    return new Artifacts(List.of(directory)).check(version(uri, hex));
  }

  private static ModelVersion version(URI uri, String hex) {
    return new ModelVersion(
        new VersionName("v1"),
        new ServiceName("digits"),
        null,
        new ModelVersion.Artifact(uri, "sha256:" + hex),
        null,
        ModelVersion.Contract.ANY,
        new ModelVersion.Resources(0, 0, 0),
        ModelVersion.Warmup.NONE,
        List.of(),
        Map.of(),
        "sha256:0");
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
