package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bench.LaneBench.Case;
import dev.sluice.bench.LaneBench.Row;
import dev.sluice.bench.OpenLoad.Answer;
import dev.sluice.model.Lane;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That the bench measures what it says; how fast that is here is nothing to fail a build for. */
class LaneBenchIT {
  @Test
  void stormIsShedWithAWordWhenToComeBackAndWithLanesNoneOfTheCritical() {
    List<Row> rows = LaneBench.run(1, 500, 1, step -> {});
    assertThat(rows)
        .extracting(row -> row.of() + " " + row.lane())
        .containsExactly(
            "ALONE CRITICAL",
            "LANES CRITICAL",
            "LANES BATCH",
            "NO_LANES CRITICAL",
            "NO_LANES BATCH");
    Row storm = rows.get(2);
    assertThat(storm.of()).isEqualTo(Case.LANES);
    assertThat(storm.lane()).isEqualTo(Lane.BATCH);
    assertThat(storm.served()).isPositive();
    assertThat(storm.shed()).isNotEmpty().allMatch(Answer::retryAfter);
    assertThat(storm.served() + storm.shed().size()).isEqualTo(storm.answers().size());
    assertThat(rows.get(1).served()).isPositive();
    assertThat(new LaneReport(rows).lines()).anyMatch(line -> line.contains("/ALONE"));
    assertThat(new LaneReport(rows).json()).startsWith("[{\"case\":\"critical alone\"");
  }
}
