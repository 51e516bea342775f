package dev.sluice.router.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.BalancePolicy;
import dev.sluice.model.BalancePolicy.Ejection;
import dev.sluice.model.Share;
import dev.sluice.router.balance.Balancer.End;
import dev.sluice.router.balance.Balancer.Sent;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BalancerTest {
  private static final long SECOND = 1_000_000_000;
  private static final URI A = URI.create("http://127.0.0.1:1");
  private static final URI B = URI.create("http://127.0.0.1:2");
  private static final URI C = URI.create("http://127.0.0.1:3");
  private static final BalancePolicy EJECTING =
      new BalancePolicy(
          new Ejection(3, Duration.ofSeconds(10), Share.percent(50)),
          Duration.ZERO,
          Share.percent(20));

  private long now = 1_000 * SECOND;

  private Balancer over(BalancePolicy policy, URI... endpoints) {
    Balancer balancer = new Balancer(() -> now, new Random(7));
    balancer.bound(List.of(endpoints), policy);
    return balancer;
  }

  private static Sent send(Balancer balancer) {
    return Objects.requireNonNull(balancer.send());
  }

  private static void fail(Balancer balancer, URI at, int times) {
    for (int failed = 0; failed < times; ) {
      Sent sent = send(balancer);
      boolean here = sent.endpoint().equals(at);
      sent.ended(here ? End.FAILED : End.SOUND);
      failed += here ? 1 : 0;
    }
  }

  private static Map<URI, Integer> counts(Balancer balancer, int requests) {
    Map<URI, Integer> counts = new HashMap<>();
    for (int i = 0; i < requests; i++) {
      Sent sent = send(balancer);
      counts.merge(sent.endpoint(), 1, Integer::sum);
      sent.ended(End.SOUND);
    }
    return counts;
  }

  @Test
  void nobodyIsAskedWhereThereIsNobody() {
    Balancer none = over(BalancePolicy.PLAIN);
    assertThat(none.send()).isNull();
    assertThat(none.retry(A)).isNull();
  }

  @Test
  void ofTwoTheOneWithFewerUnderWayIsAsked() {
    Balancer balancer = over(BalancePolicy.PLAIN, A, B);
    Sent first = send(balancer);
    Sent second = send(balancer);
    assertThat(second.endpoint()).isNotEqualTo(first.endpoint());
    first.ended(End.SOUND);
    assertThat(send(balancer).endpoint()).isEqualTo(first.endpoint());
  }

  /** One replica is stuck: what it holds isn't joined by the others' share. */
  @Property(tries = 100)
  void replicaThatDoesntAnswerIsHeldOntoByFew(
      @ForAll long seed, @ForAll @IntRange(min = 3, max = 12) int replicas) {
    Balancer balancer = new Balancer(() -> now, new Random(seed));
    List<URI> all =
        IntStream.range(1, replicas + 1).mapToObj(i -> URI.create("http://h:" + i)).toList();
    balancer.bound(all, BalancePolicy.PLAIN);
    List<Sent> stuck = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      Sent sent = send(balancer);
      if (sent.endpoint().equals(all.getFirst())) {
        stuck.add(sent);
      } else {
        sent.ended(End.SOUND);
      }
    }
    assertThat(stuck).as("as soon as it holds one, any other is less loaded").hasSize(1);
  }

  @Test
  void replicaThatFailsTimeAfterTimeIsLeftOutAndComesBackOnProbation() {
    Balancer balancer = over(EJECTING, A, B, C);
    fail(balancer, A, 3);
    assertThat(balancer.ejected()).isOne();
    assertThat(counts(balancer, 100)).doesNotContainKey(A);
    now += 10 * SECOND;
    assertThat(balancer.ejected()).isZero();
    fail(balancer, A, 1);
    assertThat(balancer.ejected()).as("one failure is enough now").isOne();
    now += 19 * SECOND;
    assertThat(balancer.ejected()).as("and it is out for twice as long").isOne();
    now += SECOND;
    assertThat(counts(balancer, 100)).containsKey(A);
    fail(balancer, A, 2);
    assertThat(balancer.ejected()).as("it was sound in between").isZero();
  }

  @Test
  void noMoreAreLeftOutThanMayBe() {
    Balancer balancer = over(EJECTING, A, B, C);
    fail(balancer, A, 3);
    fail(balancer, B, 10);
    assertThat(balancer.ejected()).isOne();
    assertThat(counts(balancer, 100)).containsKeys(B, C);
  }

  @Test
  void whatCallersGaveUpTellsNothing() {
    Balancer balancer = over(EJECTING, A, B);
    for (int i = 0; i < 100; i++) {
      send(balancer).ended(End.UNKNOWN);
    }
    assertThat(balancer.ejected()).isZero();
  }

  @Test
  void replicaThatHasJustComeGetsLessUntilItIsWarm() {
    BalancePolicy slow = new BalancePolicy(null, Duration.ofSeconds(30), Share.NONE);
    Balancer balancer = over(slow, A, B);
    balancer.bound(List.of(A, B, C), slow);
    Map<URI, Integer> cold = counts(balancer, 300);
    now += 30 * SECOND;
    Map<URI, Integer> warm = counts(balancer, 300);
    assertThat(cold.getOrDefault(C, 0)).isLessThan(10);
    assertThat(warm.getOrDefault(C, 0)).isBetween(70, 130);
  }

  @Test
  void retryGoesToAnother() {
    Balancer balancer = over(BalancePolicy.PLAIN, A, B);
    for (int i = 0; i < RetryBudget.MOST; i++) {
      Sent sent = Objects.requireNonNull(balancer.retry(A));
      assertThat(sent.endpoint()).isEqualTo(B);
      sent.ended(End.SOUND);
    }
  }

  @Property
  void retriesNeverGoBeyondTheirShareOfTheRequests(
      @ForAll long seed, @ForAll @IntRange(max = 100) int percent) {
    Balancer balancer = over(new BalancePolicy(null, Duration.ZERO, Share.percent(percent)), A, B);
    Random random = new Random(seed);
    int requests = 0;
    int retries = 0;
    for (int i = 0; i < 1_000; i++) {
      if (random.nextBoolean()) {
        send(balancer).ended(End.FAILED);
        requests++;
      } else {
        retries += balancer.retry(A) == null ? 0 : 1;
      }
      assertThat(retries).isLessThanOrEqualTo(RetryBudget.MOST + requests * percent / 100 + 1);
      assertThat(percent > 0 || retries == 0).isTrue();
    }
  }
}
