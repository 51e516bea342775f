package dev.sluice.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.EvidencePoint;
import dev.sluice.model.GateReport.Progress;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class EvidencePlotTest {
  private static final Instant BEGIN = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant END = BEGIN.plusSeconds(100);

  private static EvidencePoint point(int second, String stage, double log) {
    return new EvidencePoint(
        "errors",
        stage,
        BEGIN.plusSeconds(second),
        "undecided",
        second,
        new Progress(log, 4),
        null,
        new LinkedHashMap<>(),
        null);
  }

  private static EvidencePlot plot(EvidencePoint... points) {
    return Objects.requireNonNull(EvidencePlot.of(List.of(points), BEGIN, END));
  }

  @Test
  void evidenceAtItsLimitStandsAtTheLineThatDecides() {
    EvidencePlot plot = plot(point(0, "shadow", 0), point(100, "shadow", 4));
    assertThat(plot.fail())
        .isEqualTo(
            "0,%d %d,%d".formatted(EvidencePlot.HEIGHT, EvidencePlot.WIDTH, EvidencePlot.LIMIT_AT));
  }

  @Test
  void whatIsBelowNothingOrFarAboveTheLimitStaysInTheDrawing() {
    EvidencePlot plot = plot(point(50, "shadow", -30), point(100, "shadow", 700));
    assertThat(plot.fail())
        .isEqualTo(
            "%d,%d %d,0"
                .formatted(EvidencePlot.WIDTH / 2, EvidencePlot.HEIGHT, EvidencePlot.WIDTH));
  }

  @Test
  void eachStageIsMarkedWhereItBegins() {
    EvidencePlot plot =
        plot(point(10, "shadow", 0), point(50, "canary", 1), point(60, "canary", 1));
    assertThat(plot.stages())
        .containsExactly(
            new EvidencePlot.Mark(EvidencePlot.WIDTH / 10, "shadow"),
            new EvidencePlot.Mark(EvidencePlot.WIDTH / 2, "canary"));
  }

  @Test
  void aSideThatNothingSpeaksForHasNoLine() {
    assertThat(plot(point(0, "shadow", 0), point(1, "shadow", 1)).pass()).isEmpty();
  }

  @Test
  void onePointMakesNoPlot() {
    assertThat(EvidencePlot.of(List.of(point(0, "shadow", 0)), BEGIN, END)).isNull();
  }
}
