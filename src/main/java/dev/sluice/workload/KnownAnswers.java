package dev.sluice.workload;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.model.ModelVersion;
import dev.sluice.workload.ProbeRequests.ProbeRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Golden requests that a version was seen to answer rightly: it must do so again, for after a start
 * or a wake a server can be up and answer gibberish (law 26). Nothing is asked of a version that it
 * never could: whether it is good enough is the gates' question, and one without a right answer to
 * its name is held to the protocol alone.
 *
 * <p>Kept in a file, so that it outlives the controller and the machine's restart.
 */
public final class KnownAnswers {
  private static final System.Logger LOG = System.getLogger(KnownAnswers.class.getName());
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** With different answers: a server that says the same to everything can't be right on both. */
  private static final int KEPT = 2;

  private static final int TRIED = 20;
  private static final int MOST_VERSIONS = 1_000;

  private final @Nullable Path file;

  /** Digests of requests by digest of the version; the oldest version gives way. */
  private final Map<String, List<String>> known =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<String>> eldest) {
          return size() > MOST_VERSIONS;
        }
      };

  private final Map<String, Integer> tried = new HashMap<>();

  /** Knows nothing, and forgets with the process. */
  public KnownAnswers() {
    this.file = null;
  }

  /** Knows what {@code file} holds; one that can't be read is one that knows nothing. */
  public KnownAnswers(Path file) {
    this.file = file;
    if (Files.exists(file)) {
      try {
        known.putAll(JSON.readValue(Files.readAllBytes(file), new TypeReference<>() {}));
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "known answers begin anew", e);
      }
    }
  }

  /** Those of {@code golden} that the version once answered rightly. */
  synchronized List<ProbeRequest> of(ModelVersion version, List<ProbeRequest> golden) {
    List<String> digests = known.getOrDefault(version.digest(), List.of());
    return digests.isEmpty()
        ? List.of()
        : candidates(golden).stream().filter(r -> digests.contains(digest(r))).toList();
  }

  /** One of {@code golden} to try on the version; empty once enough is known, or was tried. */
  synchronized Optional<ProbeRequest> untried(ModelVersion version, List<ProbeRequest> golden) {
    List<ProbeRequest> have = of(version, golden);
    List<ProbeRequest> all = candidates(golden);
    int next = tried.getOrDefault(version.digest(), 0);
    if (have.size() >= KEPT || next >= all.size()) {
      return Optional.empty();
    }
    tried.put(version.digest(), next + 1);
    ProbeRequest request = all.get(next);
    return have.stream().anyMatch(r -> r.answer().equals(request.answer()))
        ? Optional.empty()
        : Optional.of(request);
  }

  /** The version answered it rightly. */
  synchronized void learned(ModelVersion version, ProbeRequest request, List<ProbeRequest> golden) {
    List<ProbeRequest> have = of(version, golden);
    if (have.size() >= KEPT || have.stream().anyMatch(r -> r.answer().equals(request.answer()))) {
      return; // another replica was faster
    }
    List<String> digests = new ArrayList<>(have.stream().map(KnownAnswers::digest).toList());
    digests.add(digest(request));
    known.put(version.digest(), List.copyOf(digests));
    save();
  }

  private static List<ProbeRequest> candidates(List<ProbeRequest> golden) {
    return golden.subList(0, Math.min(TRIED, golden.size()));
  }

  private void save() {
    if (file == null) {
      return;
    }
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.write(draft, JSON.writeValueAsBytes(known));
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      // then it has to be learned again by the next controller
      LOG.log(System.Logger.Level.WARNING, "can't keep known answers", e);
    }
  }

  private static String digest(ProbeRequest request) {
    String text =
        String.join("\n", request.path(), request.pointer(), request.answer(), request.body());
    try {
      byte[] sha256 =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha256);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
