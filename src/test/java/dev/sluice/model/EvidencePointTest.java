package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvidencePointTest {
  private static final Instant T0 = Instant.parse("2026-03-01T12:00:00Z");

  private static EvidencePoint point(String verdict, long samples, double log, Duration after) {
    return new EvidencePoint(
        "errors",
        "canary",
        T0.plus(after),
        verdict,
        samples,
        new GateReport.Progress(log, 4.6),
        null,
        new LinkedHashMap<>(),
        null);
  }

  private static EvidencePoint point(String verdict, long samples, double log) {
    return point(verdict, samples, log, Duration.ofSeconds(1));
  }

  @Test
  void theFirstLookIsKept() {
    assertThat(point("undecided", 0, 0).worthKeeping(null)).isTrue();
  }

  @Test
  void aLookThatTellsNothingNewIsNot() {
    EvidencePoint last = point("undecided", 1000, 1.0);
    assertThat(point("undecided", 1001, 1.1).worthKeeping(last)).isFalse();
  }

  @Test
  void anotherVerdictIsAlwaysKept() {
    EvidencePoint last = point("undecided", 1000, 1.0);
    EvidencePoint next = point("fail", 1000, 1.0);
    assertThat(next.worthKeeping(last)).isTrue();
    assertThat(next.turns(last)).isTrue();
  }

  @Test
  void moreDataMoreEvidenceOrALongTimeIsWorthKeeping() {
    EvidencePoint last = point("undecided", 1000, 1.0);
    assertThat(point("undecided", 1200, 1.0).worthKeeping(last)).isTrue();
    assertThat(point("undecided", 1000, 1.3).worthKeeping(last)).isTrue();
    assertThat(point("undecided", 1000, 1.0, Duration.ofMinutes(6)).worthKeeping(last)).isTrue();
  }

  @Test
  void aSteadyCourseGrowsWithTheLogarithmOfItsData() {
    List<EvidencePoint> kept = new ArrayList<>();
    for (int i = 0; i <= 1_000_000; i += 50) {
      EvidencePoint look = point("undecided", i, 0);
      if (look.worthKeeping(kept.isEmpty() ? null : kept.getLast())) {
        kept.add(look);
      }
    }
    assertThat(kept).hasSizeLessThan(150);
    assertThat(kept.getLast().samples()).isGreaterThan(900_000);
  }
}
