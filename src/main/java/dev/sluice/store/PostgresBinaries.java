package dev.sluice.store;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs for this machine, unpacked once per user and version: {@code
 * $XDG_CACHE_HOME/sluice} or {@code ~/.cache/sluice}.
 */
final class PostgresBinaries {
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path directory;

  private PostgresBinaries(Path directory) {
    this.directory = directory;
  }

  static PostgresBinaries unpacked() throws IOException {
    return unpackedUnder(cache());
  }

  static PostgresBinaries unpackedUnder(Path cache) throws IOException {
    Files.createDirectories(cache, PRIVATE);
    Path there = cache.resolve("postgres-" + digest().substring(0, 16));
    if (!Files.isDirectory(there)) {
      Path fresh = Files.createTempDirectory(cache, "postgres-unpacking-", PRIVATE);
      try {
        unpack(fresh);
        Files.move(fresh, there, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        delete(fresh);
        // another process was faster: its copy is as good
        if (!Files.isDirectory(there)) {
          throw e;
        }
      }
    }
    return new PostgresBinaries(there);
  }

  /** The command line that runs one of the programs, {@code initdb} or {@code pg_ctl}. */
  Stream<String> program(String name) {
    // PostgreSQL refuses to run as root; in a user namespace of its own it isn't
    Stream<String> prefix = isRoot() ? Stream.of("unshare", "-U") : Stream.empty();
    return Stream.concat(prefix, Stream.of(directory.resolve("bin").resolve(name).toString()));
  }

  private static boolean isRoot() {
    return System.getProperty("user.name", "").equals("root");
  }

  private static Path cache() {
    String configured = System.getenv("XDG_CACHE_HOME");
    Path caches =
        configured == null || configured.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(configured);
    return caches.resolve("sluice");
  }

  private static InputStream archive() throws IOException {
    String system =
        System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac")
            ? "Darwin"
            : "Linux";
    return DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(
        system, System.getProperty("os.arch"));
  }

  private static String digest() throws IOException {
    try (InputStream in = archive()) {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        sha.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static void unpack(Path into) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive())))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path target = into.resolve(entry.getName()).normalize();
        if (!target.startsWith(into)) {
          throw new IOException("archive entry leads outside: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
          } else if (entry.isLink()) {
            Files.createLink(target, into.resolve(entry.getLinkName()));
          } else {
            Files.copy(tar, target);
            if ((entry.getMode() & 0100) != 0) {
              Set<PosixFilePermission> modes =
                  EnumSet.copyOf(Files.getPosixFilePermissions(target));
              modes.add(PosixFilePermission.OWNER_EXECUTE);
              Files.setPosixFilePermissions(target, modes);
            }
          }
        }
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(tree)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.delete(path);
    }
  }
}
