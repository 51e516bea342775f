package dev.sluice.intake.catalog;

import dev.sluice.intake.IntakeConfig;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Problem;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks that an artifact is what its digest says, where it lies on this machine: a {@code file:}
 * URI below an allowed directory. What lies elsewhere is checked by whoever fetches it.
 */
@Singleton
public class Artifacts {
  private final List<Path> directories;

  @Inject
  Artifacts(IntakeConfig config) {
    this(config.artifactDirectories());
  }

  Artifacts(List<Path> directories) {
    this.directories = directories.stream().map(d -> d.toAbsolutePath().normalize()).toList();
  }

  /** Everything that is wrong with a version's artifacts; paths are relative to the document. */
  public List<Problem> check(ModelVersion version) {
    List<Problem> problems = new ArrayList<>();
    check("spec.model", version.model(), problems);
    if (version.tokenizer() != null) {
      check("spec.tokenizer", version.tokenizer(), problems);
    }
    return problems;
  }

  private void check(String path, ModelVersion.Artifact artifact, List<Problem> problems) {
    URI uri = artifact.uri();
    if (!"file".equalsIgnoreCase(uri.getScheme())) {
      return;
    }
    Path file = allowed(uri);
    if (file == null) {
      problems.add(
          new Problem(
              path + ".uri", 0, 0, "must lie below one of " + directories + ", was '" + uri + "'"));
      return;
    }
    try {
      String digest = digest(file);
      if (!digest.equals(artifact.digest())) {
        problems.add(
            new Problem(
                path + ".digest",
                0,
                0,
                "must be that of the artifact, " + digest + ", was " + artifact.digest()));
      }
    } catch (IOException e) {
      problems.add(new Problem(path + ".uri", 0, 0, "'" + uri + "' can't be read"));
    }
  }

  private @Nullable Path allowed(URI uri) {
    try {
      Path file = Path.of(uri).normalize();
      // where links lead counts, not where they lie
      Path real = Files.exists(file) ? file.toRealPath() : file;
      return directories.stream().anyMatch(d -> real.startsWith(realOf(d))) ? real : null;
    } catch (IllegalArgumentException | IOException e) {
      return null;
    }
  }

  private static Path realOf(Path directory) {
    try {
      return directory.toRealPath();
    } catch (IOException e) {
      return directory;
    }
  }

  private static String digest(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      new DigestInputStream(in, sha256).transferTo(java.io.OutputStream.nullOutputStream());
      return "sha256:" + HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
