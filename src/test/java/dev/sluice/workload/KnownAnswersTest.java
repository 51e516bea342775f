package dev.sluice.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.ModelVersion;
import dev.sluice.workload.ProbeRequests.ProbeRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownAnswersTest {
  private static final ModelVersion VERSION =
      Workbench.version(new ModelVersion.Artifact(URI.create("w.bin"), "sha256:" + "a".repeat(64)));

  @TempDir private Path directory;

  private static ProbeRequest request(int number, String answer) {
    return new ProbeRequest("/infer", "{\"n\":" + number + "}", "/answer", answer);
  }

  private static final List<ProbeRequest> GOLDEN =
      List.of(request(0, "7"), request(1, "7"), request(2, "3"), request(3, "5"));

  /** All that are tried on a version that answers everything rightly. */
  private static List<ProbeRequest> tried(KnownAnswers known, List<ProbeRequest> golden) {
    List<ProbeRequest> tried = new ArrayList<>();
    for (int probe = 0; probe < 100; probe++) {
      Optional<ProbeRequest> next = known.untried(VERSION, golden);
      next.ifPresent(
          request -> {
            tried.add(request);
            known.learned(VERSION, request, golden);
          });
    }
    return tried;
  }

  @Test
  void twoWithDifferentAnswersAreKept() {
    KnownAnswers known = new KnownAnswers();
    assertThat(tried(known, GOLDEN)).containsExactly(GOLDEN.get(0), GOLDEN.get(2));
    assertThat(known.of(VERSION, GOLDEN)).containsExactly(GOLDEN.get(0), GOLDEN.get(2));
  }

  @Test
  void versionThatAnswersNoneIsTriedOnEachOnceAndThenLeftAlone() {
    KnownAnswers known = new KnownAnswers();
    for (ProbeRequest request : GOLDEN) {
      assertThat(known.untried(VERSION, GOLDEN)).contains(request);
    }
    assertThat(known.untried(VERSION, GOLDEN)).isEmpty();
    assertThat(known.of(VERSION, GOLDEN)).isEmpty();
  }

  @Test
  void theyOutliveTheControllerAndARequestThatChangedIsAnother() {
    Path file = directory.resolve("known.json");
    tried(new KnownAnswers(file), GOLDEN);
    KnownAnswers next = new KnownAnswers(file);
    assertThat(next.of(VERSION, GOLDEN)).containsExactly(GOLDEN.get(0), GOLDEN.get(2));
    assertThat(next.of(VERSION, List.of(request(0, "8")))).isEmpty();
  }

  @Test
  void fileThatCanNotBeReadKnowsNothing() throws IOException {
    Path file = Files.writeString(directory.resolve("known.json"), "{\"half");
    KnownAnswers known = new KnownAnswers(file);
    assertThat(known.of(VERSION, GOLDEN)).isEmpty();
    assertThat(tried(known, GOLDEN)).hasSize(2);
    assertThat(new KnownAnswers(file).of(VERSION, GOLDEN)).hasSize(2);
  }
}
