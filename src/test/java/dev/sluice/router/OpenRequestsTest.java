package dev.sluice.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OpenRequestsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final OpenRequests requests = new OpenRequests(() -> now);

  @Test
  void withoutAnyUnderWayAllIsSettledUpToNow() {
    assertThat(requests.settled()).isEqualTo(now);
  }

  @Property
  void nothingThatIsStillUnderWayBeganBeforeWhatIsSettled(
      @ForAll List<@IntRange(min = 0, max = 9) Integer> steps) {
    OpenRequestsTest fresh = new OpenRequestsTest();
    List<OpenRequests.Open> open = new ArrayList<>();
    Instant before = fresh.requests.settled();
    for (int step : steps) {
      fresh.now = fresh.now.plusMillis(step);
      if (step % 2 == 0) {
        open.add(fresh.requests.begin(MINUTE));
      } else if (!open.isEmpty()) {
        open.remove(step % open.size()).close();
      }
      Instant settled = fresh.requests.settled();
      assertThat(settled).isAfterOrEqualTo(before);
      assertThat(settled)
          .isEqualTo(
              open.stream()
                  .map(OpenRequests.Open::start)
                  .min(Instant::compareTo)
                  .orElse(fresh.now));
      before = settled;
    }
  }

  @Test
  void whatNeverEndsIsWaitedForNoLongerThanItCanTake() {
    OpenRequests.Open leaked = requests.begin(MINUTE);
    now = now.plus(MINUTE);
    assertThat(requests.settled()).isEqualTo(leaked.start());
    OpenRequests.Open younger = requests.begin(MINUTE);
    now = now.plusSeconds(1);
    assertThat(requests.settled()).isEqualTo(younger.start());
    leaked.close();
    younger.close();
    younger.close();
    assertThat(requests.settled()).isEqualTo(now);
  }

  @Test
  void aClockSetBackDoesNotUnsettleAnything() {
    Instant settled = requests.settled();
    now = now.minusSeconds(30);

    assertThat(requests.begin(MINUTE).start()).isEqualTo(settled);
  }
}
