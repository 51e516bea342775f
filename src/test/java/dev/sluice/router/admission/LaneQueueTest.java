package dev.sluice.router.admission;

import static dev.sluice.model.Lane.BATCH;
import static dev.sluice.model.Lane.CRITICAL;
import static dev.sluice.model.Lane.INTERNAL;
import static dev.sluice.model.Lane.NORMAL;
import static dev.sluice.model.Lane.SHADOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Lane;
import dev.sluice.model.Share;
import dev.sluice.router.admission.LaneQueue.Admitted;
import dev.sluice.router.admission.LaneQueue.Offered;
import dev.sluice.router.admission.LaneQueue.Refused;
import dev.sluice.router.admission.LaneQueue.Waits;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LaneQueueTest {
  private record Item(Lane lane, int number) {}

  private static LaneQueue<Item> queue(int limit, int depth, Map<Lane, Share> shares) {
    LaneQueue<Item> queue = new LaneQueue<>();
    queue.bound(limit, depth, shares);
    return queue;
  }

  private int numbers;

  private Item item(Lane lane) {
    return new Item(lane, ++numbers);
  }

  private Offered<Item> offer(LaneQueue<Item> queue, Lane lane) {
    return queue.offer(lane, item(lane));
  }

  @Test
  void theMoreUrgentGoesFirstAndWithinALaneWhoCameFirst() {
    LaneQueue<Item> queue = queue(1, 10, Map.of());
    assertThat(offer(queue, BATCH)).isInstanceOf(Admitted.class);
    List<Item> came = new ArrayList<>();
    for (Lane lane : List.of(BATCH, NORMAL, CRITICAL, NORMAL)) {
      came.add(item(lane));
      assertThat(queue.offer(lane, came.getLast())).isEqualTo(new Waits<Item>(null));
    }
    List<Item> went = new ArrayList<>();
    Lane inside = BATCH;
    for (int i = 0; i < 4; i++) {
      queue.leave(inside);
      List<Item> next = queue.next();
      assertThat(next).hasSize(1);
      went.addAll(next);
      inside = next.getFirst().lane();
    }
    assertThat(went).containsExactly(came.get(2), came.get(1), came.get(3), came.get(0));
  }

  @Test
  void withNoPlaceLeftTheNewestOfTheLowestLaneGivesWay() {
    LaneQueue<Item> queue = queue(1, 3, Map.of());
    offer(queue, NORMAL);
    Item first = item(BATCH);
    Item second = item(BATCH);
    queue.offer(BATCH, first);
    queue.offer(INTERNAL, item(INTERNAL));
    queue.offer(BATCH, second);
    assertThat(offer(queue, BATCH)).isEqualTo(new Refused<Item>());
    assertThat(offer(queue, CRITICAL)).isEqualTo(new Waits<>(second));
    assertThat(offer(queue, CRITICAL)).isEqualTo(new Waits<>(first));
    assertThat(offer(queue, INTERNAL)).isEqualTo(new Refused<Item>());
    assertThat(queue.waiting()).isEqualTo(3);
  }

  @Test
  void shareOfAHigherLaneIsHeldFreeAndOfALowerOneIsLent() {
    LaneQueue<Item> queue =
        queue(10, 0, Map.of(CRITICAL, Share.percent(30), BATCH, Share.percent(20)));
    for (int i = 0; i < 7; i++) {
      assertThat(offer(queue, NORMAL)).isInstanceOf(Admitted.class);
    }
    assertThat(offer(queue, NORMAL)).isInstanceOf(Refused.class);
    assertThat(offer(queue, BATCH)).isInstanceOf(Refused.class);
    for (int i = 0; i < 3; i++) {
      assertThat(offer(queue, CRITICAL)).isInstanceOf(Admitted.class);
    }
    assertThat(offer(queue, CRITICAL)).isInstanceOf(Refused.class);
  }

  @Test
  void whatWasLentComesBackWithTheFirstThatEnds() {
    LaneQueue<Item> queue = queue(10, 5, Map.of(BATCH, Share.percent(20)));
    for (int i = 0; i < 10; i++) {
      offer(queue, CRITICAL);
    }
    offer(queue, CRITICAL);
    Item batch = item(BATCH);
    queue.offer(BATCH, batch);
    queue.leave(CRITICAL);
    assertThat(queue.next()).containsExactly(batch);
  }

  @Test
  void copyNeverTakesWhatIsHeldForUsers() {
    LaneQueue<Item> queue = queue(4, 4, Map.of(CRITICAL, Share.percent(50)));
    assertThat(queue.tryEnter(SHADOW)).isTrue();
    assertThat(queue.tryEnter(SHADOW)).isTrue();
    assertThat(queue.tryEnter(SHADOW)).isFalse();
    assertThat(queue.tryEnter(CRITICAL)).isTrue();
    assertThat(queue.tryEnter(CRITICAL)).isTrue();
    assertThat(queue.tryEnter(CRITICAL)).isFalse();
  }

  /** Whatever comes, leaves and gives up, by chance; all that holds at any moment is looked at. */
  @Property
  void bothAreBoundedNobodyIsLostAndNobodyWaitsForNothing(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 12) int limit,
      @ForAll @IntRange(max = 12) int depth,
      @ForAll @IntRange(max = 40) int criticalShare,
      @ForAll @IntRange(max = 40) int batchShare) {
    LaneQueue<Item> queue =
        queue(
            limit,
            depth,
            Map.of(CRITICAL, Share.percent(criticalShare), BATCH, Share.percent(batchShare)));
    Random random = new Random(seed);
    Lane[] lanes = Lane.values();
    List<Item> inside = new ArrayList<>();
    Set<Item> waiting = new HashSet<>();
    for (int step = 0; step < 300; step++) {
      if (random.nextInt(3) > 0) {
        Item item = item(lanes[random.nextInt(lanes.length)]);
        boolean withinShare = queue.atWork(item.lane()) < queue.guaranteed(item.lane());
        int below = atWorkBelow(queue, item.lane());
        switch (queue.offer(item.lane(), item)) {
          case Admitted<Item> a -> inside.add(item);
          case Refused<Item> r -> assertThat(waiting).as("somebody has the places").hasSize(depth);
          case Waits<Item> w -> {
            waiting.add(item);
            if (w.evicted() != null) {
              assertThat(waiting.remove(w.evicted())).isTrue();
            }
            assertThat(withinShare && below == queue.atWork())
                .as("within its share it waits for nobody below it")
                .isFalse();
          }
        }
      } else if (!inside.isEmpty() && random.nextBoolean()) {
        Item gone = inside.remove(random.nextInt(inside.size()));
        queue.leave(gone.lane());
        for (Item next : queue.next()) {
          assertThat(waiting.remove(next)).isTrue();
          inside.add(next);
        }
      } else if (!waiting.isEmpty()) {
        Item tired = waiting.iterator().next();
        assertThat(queue.withdraw(tired.lane(), tired)).isTrue();
        waiting.remove(tired);
      }
      assertThat(queue.atWork()).isEqualTo(inside.size()).isLessThanOrEqualTo(limit);
      assertThat(queue.waiting()).isEqualTo(waiting.size()).isLessThanOrEqualTo(depth);
      assertThat(queue.next()).as("nobody waits who may go").isEmpty();
    }
  }

  private static int atWorkBelow(LaneQueue<Item> queue, Lane lane) {
    int below = 0;
    for (Lane other : Lane.values()) {
      below += other.compareTo(lane) > 0 ? queue.atWork(other) : 0;
    }
    return below;
  }

  /** All lanes always have more waiting than there is room for. */
  @Property(tries = 200)
  void withEverybodyWaitingEveryLaneHasItsShareAndTheRestIsTheHighests(
      @ForAll long seed, @ForAll @IntRange(min = 5, max = 40) int limit) {
    Map<Lane, Share> shares =
        Map.of(NORMAL, Share.percent(30), INTERNAL, Share.percent(20), BATCH, Share.percent(10));
    LaneQueue<Item> queue = queue(limit, 40, shares);
    Random random = new Random(seed);
    List<Item> inside = new ArrayList<>();
    Map<Lane, Integer> served = new EnumMap<>(Lane.class);
    for (int step = 0; step < 3_000; step++) {
      for (Lane lane : Lane.values()) {
        while (queue.waiting(lane) < 4) {
          Item item = item(lane);
          Offered<Item> offered = queue.offer(lane, item);
          if (offered instanceof Admitted<Item>) {
            inside.add(item);
          } else if (offered instanceof Refused<Item>) {
            break;
          }
        }
      }
      Item gone = inside.remove(random.nextInt(inside.size()));
      queue.leave(gone.lane());
      served.merge(gone.lane(), 1, Integer::sum);
      inside.addAll(queue.next());
      if (step > 500) {
        for (Lane lane : List.of(NORMAL, INTERNAL, BATCH)) {
          assertThat(queue.atWork(lane)).isEqualTo(queue.guaranteed(lane));
        }
        assertThat(queue.atWork(SHADOW)).as("no share, and others wait").isZero();
      }
    }
    assertThat(served.get(CRITICAL)).isGreaterThan(1_000);
  }
}
