package dev.sluice.workload;

import dev.sluice.model.ModelVersion;
import dev.sluice.model.ModelVersion.Artifact;
import dev.sluice.model.Rejected;
import dev.sluice.model.Unavailable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The artifacts of versions as local files: found, and held against their declared digests. */
final class Artifacts {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path root;

  Artifacts(Path root) {
    this.root = root;
  }

  /**
   * The version's model file, after it and the tokenizer (where one is declared) were read whole
   * and hash to what was declared. Takes as long as reading them does.
   *
   * @throws Rejected if one isn't a readable file here, or hashes to something else
   * @throws Unavailable if reading fails midway
   */
  Path verified(ModelVersion version) {
    Path model = verified(version, "model", version.model());
    if (version.tokenizer() != null) {
      verified(version, "tokenizer", version.tokenizer());
    }
    return model;
  }

  /** Changes when one of the version's files does, as far as size and time of change tell. */
  String fingerprint(ModelVersion version) {
    return fingerprint(version.model()) + "|" + fingerprint(version.tokenizer());
  }

  private String fingerprint(@Nullable Artifact artifact) {
    if (artifact == null) {
      return "";
    }
    try {
      BasicFileAttributes file =
          Files.readAttributes(path(artifact.uri()), BasicFileAttributes.class);
      return file.size() + "@" + file.lastModifiedTime();
    } catch (IOException | Rejected e) {
      return "unreadable";
    }
  }

  private Path verified(ModelVersion version, String what, Artifact artifact) {
    Path file = path(artifact.uri());
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new Rejected(
          "the " + what + " of version '" + version.name() + "' is no readable file: " + file);
    }
    String actual = "sha256:" + sha256(file);
    if (!actual.equalsIgnoreCase(artifact.digest())) {
      throw new Rejected(
          "the "
              + what
              + " of version '"
              + version.name()
              + "' was declared with digest "
              + artifact.digest()
              + " but "
              + file
              + " hashes to "
              + actual);
    }
    return file;
  }

  private Path path(URI uri) {
    if ("file".equals(uri.getScheme())) {
      try {
        return Path.of(uri).normalize();
      } catch (IllegalArgumentException e) {
        throw new Rejected("not the URI of a local file: '" + uri + "'", e);
      }
    }
    String relative = uri.getPath();
    if (uri.isAbsolute() || relative == null || relative.isEmpty()) {
      throw new Rejected(
          "local processes take artifacts as file: URIs or relative paths, was '" + uri + "'");
    }
    Path file = root.resolve(relative).normalize();
    if (!file.startsWith(root)) {
      throw new Rejected("the artifact '" + uri + "' lies outside of " + root);
    }
    return file;
  }

  private static String sha256(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new Unavailable("can't read " + file + ": " + e, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
