package dev.sluice.router;

import static dev.sluice.router.RouterWorld.STABLE;
import static dev.sluice.router.RouterWorld.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.BalancePolicy;
import dev.sluice.model.BalancePolicy.Ejection;
import dev.sluice.model.Share;
import dev.sluice.model.TrafficSplit;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two replicas of one version, of which one fails, over real sockets. */
class RouterBalanceTest {
  private static final int REQUESTS = 40;

  private final RouterWorld world = new RouterWorld();
  private final AtomicInteger failed = new AtomicInteger();

  @BeforeEach
  void replicas() {
    world
        .answering(STABLE, "{\"answer\":\"s\"}")
        .upstream(
            STABLE,
            request -> {
              failed.incrementAndGet();
              request.end().onSuccess(end -> request.response().setStatusCode(500).end());
            });
  }

  @AfterEach
  void close() {
    world.close();
  }

  private static BalancePolicy policy(boolean ejects, Share retries) {
    return new BalancePolicy(
        ejects ? new Ejection(2, Duration.ofHours(1), Share.percent(50)) : null,
        Duration.ZERO,
        retries);
  }

  private int errors() throws Exception {
    int errors = 0;
    for (int i = 0; i < REQUESTS; i++) {
      errors += world.infer("{}").statusCode() == 500 ? 1 : 0;
    }
    return errors;
  }

  @Test
  void whatMayBeRepeatedIsAnsweredByTheOtherAndCountsAgainstTheVersion() throws Exception {
    world.balance(policy(false, Share.ALL)).split(TrafficSplit.allOn(STABLE));
    assertThat(errors()).isZero();
    assertThat(failed.get()).isPositive();
    eventually(() -> world.seen().totals(STABLE).userRequests() == REQUESTS);
    assertThat(world.seen().totals(STABLE).errors()).isEqualTo(failed.get());
    assertThat(world.seen().userErrors()).isZero();
  }

  @Test
  void withoutABudgetTheFailureStands() throws Exception {
    world.balance(policy(false, Share.NONE)).split(TrafficSplit.allOn(STABLE));
    assertThat(errors()).isEqualTo(failed.get()).isPositive();
  }

  @Test
  void whatMayNotBeRepeatedIsSentOnce() throws Exception {
    world.safe().balance(policy(false, Share.ALL)).split(TrafficSplit.allOn(STABLE));
    assertThat(errors()).isEqualTo(failed.get()).isPositive();
  }

  @Test
  void replicaThatFailsTimeAfterTimeIsLeftAlone() throws Exception {
    world.safe().balance(policy(true, Share.NONE)).split(TrafficSplit.allOn(STABLE));
    assertThat(errors()).isEqualTo(2);
    assertThat(errors()).isZero();
    assertThat(failed.get()).isEqualTo(2);
  }
}
