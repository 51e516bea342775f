package dev.sluice.store;

import static dev.sluice.store.Samples.ALICE;
import static dev.sluice.store.Samples.LEASE;
import static dev.sluice.store.Samples.T0;
import static dev.sluice.store.Samples.moved;
import static dev.sluice.store.Samples.observing;
import static dev.sluice.store.Samples.release;
import static dev.sluice.store.Samples.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.EvidencePoint;
import dev.sluice.model.GateMemory;
import dev.sluice.model.GateReport;
import dev.sluice.model.Release;
import dev.sluice.model.Verdict;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every look's evidence can be read again, and never grows without bound (law 28). */
@QuarkusTest
@TestProfile(StoreAlone.class)
@QuarkusTestResource(PostgresTestResource.class)
class EvidenceCourseIT {
  @Inject ReleaseStore store;
  @Inject DataSource database;

  @BeforeEach
  void empty() {
    PostgresTestResource.wipe(database);
  }

  private static GateMemory said(Verdict verdict, Instant at, double log) {
    return new GateMemory(
        "{}",
        new GateReport(
            "errors",
            "errors",
            "canary",
            verdict,
            new GateReport.Progress(log, 4.6),
            null,
            100,
            new LinkedHashMap<>(Map.of("candidate failed", "1 of 100")),
            "router",
            null,
            at));
  }

  @Test
  void theCourseKeepsItsTurnsAndItsEndsAndStaysBounded() {
    store.putService(service("digits"), "{}", Precondition.ANY, ALICE, T0);
    Release release = release("digits", "v2");
    store.submit(release, false, null, T0);
    int looks = 2 * EvidencePointRows.MOST + 100;
    for (int i = 0; i < looks; i++) {
      Instant now = T0.plusSeconds(i);
      Verdict verdict =
          i < looks - 1 ? new Verdict.Undecided("not yet") : new Verdict.Fail("too many");
      Claim claim = store.claimDue(now, LEASE).orElseThrow();
      store.commit(
          claim,
          moved(claim, observing(now), Duration.ZERO),
          // there and back, so that every look is worth keeping
          Map.of("errors", said(verdict, now, i % 2)),
          now);
    }

    List<EvidencePoint> course = store.course(release.id());

    assertThat(course).hasSizeBetween(EvidencePointRows.MOST / 2, EvidencePointRows.MOST);
    assertThat(course.getFirst().at()).isEqualTo(T0);
    assertThat(course.getLast().verdict()).isEqualTo("fail");
    assertThat(course).isSortedAccordingTo((a, b) -> a.at().compareTo(b.at()));
    assertThat(course.getLast().statistics()).containsEntry("candidate failed", "1 of 100");
  }
}
