package dev.sluice.router.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.PriorityQueue;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * The limit in front of a simulated server that works at {@code slots} requests at once, each for
 * about 20 ms, and lets the others wait. Time is the simulation's own.
 */
class AdaptiveLimitTest {
  private static final long MILLI = 1_000_000;
  private static final int MOST = 400;

  private record Request(long ends, long began) {}

  /** Callers that send as much as they are let, so that the limit is all that keeps them. */
  private static final class Saturated {
    private final Random random;
    private final AdaptiveLimit limit = new AdaptiveLimit(2, MOST, 0);
    private final PriorityQueue<Request> atWork =
        new PriorityQueue<>((a, b) -> Long.compare(a.ends(), b.ends()));
    private int slots;
    private long serviceNanos = 20 * MILLI;
    private long now;
    private double meanLimit;
    private double meanLatency;

    Saturated(int slots, long seed) {
      this.slots = slots;
      this.random = new Random(seed);
    }

    /** Runs for so long; the means are those of the second half. */
    void run(long millis) {
      long until = now + millis * MILLI;
      long half = now + millis * MILLI / 2;
      double limits = 0;
      double latencies = 0;
      int seen = 0;
      while (now < until) {
        while (atWork.size() < limit.limit()) {
          // shared slots: with more requests than slots each takes longer in proportion
          double stretch = Math.max(1, (atWork.size() + 1.0) / slots);
          long takes = (long) (serviceNanos * (0.8 + 0.4 * random.nextDouble()) * stretch);
          atWork.add(new Request(now + takes, now));
        }
        Request done = atWork.remove();
        now = done.ends();
        limit.answered(now - done.began(), atWork.size() + 1, now);
        if (now > half) {
          limits += limit.limit();
          latencies += now - done.began();
          seen++;
        }
      }
      meanLimit = limits / seen;
      meanLatency = latencies / seen / MILLI;
    }
  }

  @Property(tries = 50)
  void findsAboutWhatTheServerCarriesAndKeepsLatencyInBounds(
      @ForAll long seed, @ForAll @IntRange(min = 4, max = 150) int slots) {
    Saturated world = new Saturated(slots, seed);
    world.run(120_000);
    assertThat(world.meanLimit).isBetween(0.9 * slots, 2.5 * slots + 8);
    assertThat(world.meanLatency).isLessThan(20 * 4);
  }

  @Test
  void serverThatLosesHalfItsRoomGetsHalf() {
    Saturated world = new Saturated(80, 1);
    world.run(60_000);
    double before = world.meanLimit;
    world.slots = 40;
    world.run(120_000);
    assertThat(world.meanLimit).isLessThan(0.7 * before).isGreaterThan(36);
  }

  /** Longer prompts: all latencies double for good, which is no reason to starve the server. */
  @Test
  void serviceThatBecameSlowerWithoutQueueingGetsItsRoomBack() {
    Saturated world = new Saturated(40, 2);
    world.run(60_000);
    world.serviceNanos *= 2;
    world.run(120_000);
    assertThat(world.meanLimit).isBetween(36.0, 110.0);
  }

  @Test
  void refusalsMakeItSmallerAtOnceDownToItsLeast() {
    AdaptiveLimit limit = new AdaptiveLimit(5, 100, 0);
    limit.overloaded(200 * MILLI);
    assertThat(limit.limit()).isEqualTo(18);
    for (int i = 2; i < 40; i++) {
      limit.overloaded(200L * i * MILLI);
    }
    assertThat(limit.limit()).isEqualTo(5);
  }

  @Test
  void callersWhoDontUseItDontMoveIt() {
    AdaptiveLimit limit = new AdaptiveLimit(1, 100, 0);
    for (int i = 1; i < 2_000; i++) {
      limit.answered(20 * MILLI, 3, 20L * i * MILLI);
    }
    assertThat(limit.limit()).isEqualTo(20);
  }

  @Test
  void boundsHoldAsReplicasComeAndGo() {
    AdaptiveLimit limit = new AdaptiveLimit(4, 400, 0);
    limit.between(1, 10);
    assertThat(limit.limit()).isEqualTo(10);
    limit.between(16, 400);
    assertThat(limit.limit()).isEqualTo(16);
  }
}
