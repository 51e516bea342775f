package dev.sluice.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.ModelVersion.Warmup;
import dev.sluice.workload.ProbeResult.Check;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private static final Duration RETRY = Duration.ofMillis(250);
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration EVERY = Duration.ofSeconds(30);
  private static final Warmup TWO = new Warmup(2, Duration.ZERO);
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

  private final Readiness fresh = new Readiness(false, RETRY, LIMIT);

  @Test
  void isReadyOnlyAfterLoadingAndAllWarmUpInferences() {
    assertThat(fresh.weigh(broken(T0), TWO, EVERY)).isEqualTo(RETRY);
    assertThat(fresh.detail()).isEqualTo("loading: inference: HTTP 500");
    assertThat(fresh.weigh(good(T0), TWO, EVERY)).isZero();
    assertThat(fresh.weigh(good(T0), TWO, EVERY)).isZero();
    assertThat(fresh.detail()).isEqualTo("warming up: 1 of 2");
    assertThat(fresh.isReady()).isFalse();
    assertThat(fresh.weigh(good(T0), TWO, EVERY)).isEqualTo(EVERY);
    assertThat(fresh.isReady()).isTrue();
  }

  @Test
  void failureDuringWarmUpStartsItAgain() {
    fresh.weigh(good(T0), TWO, EVERY);
    fresh.weigh(good(T0), TWO, EVERY);
    fresh.weigh(broken(T0), TWO, EVERY);
    fresh.weigh(good(T0), TWO, EVERY);
    fresh.weigh(good(T0), TWO, EVERY);
    assertThat(fresh.isReady()).isFalse();
    fresh.weigh(good(T0), TWO, EVERY);
    assertThat(fresh.isReady()).isTrue();
  }

  @Test
  void warmUpEndsAtItsTimeLimit() {
    Warmup many = new Warmup(1_000_000, Duration.ZERO);
    fresh.weigh(good(T0), many, EVERY);
    fresh.weigh(good(T0.plus(LIMIT)), many, EVERY);
    assertThat(fresh.isReady()).isFalse();
    fresh.weigh(good(T0.plus(LIMIT).plusMillis(1)), many, EVERY);
    assertThat(fresh.isReady()).isTrue();
  }

  @Test
  void adoptedOneThatWasWarmNeedsOneGoodProbe() {
    Readiness adopted = new Readiness(true, RETRY, LIMIT);
    assertThat(adopted.isReady()).isFalse();
    adopted.weigh(good(T0), TWO, EVERY);
    assertThat(adopted.isReady()).isTrue();
  }

  @Test
  void twoFailedProofsInARowWithdrawItAndAGoodOneBringsItBack() {
    ready();
    assertThat(fresh.weigh(broken(T0), TWO, EVERY)).isEqualTo(RETRY);
    assertThat(fresh.isReady()).isTrue();
    fresh.weigh(good(T0), TWO, EVERY);
    fresh.weigh(broken(T0), TWO, EVERY);
    assertThat(fresh.isReady()).isTrue();
    fresh.weigh(broken(T0), TWO, EVERY);
    assertThat(fresh.isReady()).isFalse();
    assertThat(fresh.readySince()).isNull();
    fresh.weigh(good(T0.plusSeconds(9)), TWO, EVERY);
    assertThat(fresh.isReady()).isTrue();
    assertThat(fresh.readySince()).isEqualTo(T0.plusSeconds(9));
  }

  @Test
  void fullQueueHoldsBackALoadingReplicaButDoesNotWithdrawAReadyOne() {
    fresh.weigh(full(T0), TWO, EVERY);
    assertThat(fresh.detail()).isEqualTo("loading: queue: full");
    ready();
    for (int i = 0; i < 5; i++) {
      assertThat(fresh.weigh(full(T0.plusSeconds(i)), TWO, EVERY)).isEqualTo(EVERY);
    }
    assertThat(fresh.isReady()).isTrue();
  }

  @Test
  void lastProofIsTheLastInferenceAnsweredRightly() {
    assertThat(fresh.lastProof()).isNull();
    fresh.weigh(good(T0), TWO, EVERY);
    fresh.weigh(broken(T0.plusSeconds(1)), TWO, EVERY);
    assertThat(fresh.lastProof()).isEqualTo(T0);
  }

  private void ready() {
    for (int i = 0; i < 3; i++) {
      fresh.weigh(good(T0), TWO, EVERY);
    }
    assertThat(fresh.isReady()).isTrue();
  }

  private static ProbeResult good(Instant at) {
    return result(true, new Check("inference", true, true, "HTTP 200"), at);
  }

  private static ProbeResult broken(Instant at) {
    return result(false, new Check("inference", true, false, "HTTP 500"), at);
  }

  private static ProbeResult full(Instant at) {
    return result(true, new Check("queue", false, false, "full"), at);
  }

  private static ProbeResult result(boolean proven, Check check, Instant at) {
    return new ProbeResult(proven, 1, List.of(check), at, Duration.ofMillis(3));
  }
}
