package dev.sluice.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.router.Ring.Stretch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RingTest {
  @Test
  void emptyRingGivesNothingAndTheSameCursor() {
    assertThat(new Ring<Long>(4).after(0, 10)).isEqualTo(new Stretch<Long>(List.of(), 0, 0));
  }

  @Test
  void cursorGoesOnWhereTheLastBatchEnded() {
    Ring<Long> ring = filled(8, 5);
    Stretch<Long> first = ring.after(0, 3);
    assertThat(first).isEqualTo(new Stretch<>(List.of(1L, 2L, 3L), 3, 0));
    assertThat(ring.after(first.lastSeq(), 3)).isEqualTo(new Stretch<>(List.of(4L, 5L), 5, 0));
  }

  @Test
  void fullRingDropsTheOldestAndSaysHowMany() {
    assertThat(filled(4, 10).after(0, 100))
        .isEqualTo(new Stretch<>(List.of(7L, 8L, 9L, 10L), 10, 6));
    assertThat(filled(4, 10).after(8, 100)).isEqualTo(new Stretch<>(List.of(9L, 10L), 10, 0));
  }

  @Test
  void cursorOfAnotherEpochIsRefusedWithBothNumbers() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> filled(4, 3).after(4, 1))
        .withMessageContaining("0..3")
        .withMessageContaining("4");
  }

  @Property
  void nothingIsGivenTwiceAndNothingGetsLostUncounted(
      @ForAll @IntRange(min = 1, max = 40) int capacity,
      @ForAll List<@IntRange(min = 0, max = 60) Integer> writesBetweenReads,
      @ForAll @IntRange(min = 1, max = 30) int limit) {
    Ring<Long> ring = new Ring<>(capacity);
    List<Long> read = new ArrayList<>();
    long dropped = 0;
    long cursor = 0;
    long written = 0;
    for (int writes : writesBetweenReads) {
      for (int i = 0; i < writes; i++) {
        ring.append(seq -> seq);
        written++;
      }
      Stretch<Long> stretch = ring.after(cursor, limit);
      assertThat(stretch.items())
          .isEqualTo(
              LongStream.rangeClosed(cursor + stretch.dropped() + 1, stretch.lastSeq())
                  .boxed()
                  .toList());
      cursor = stretch.lastSeq();
      dropped += stretch.dropped();
      read.addAll(stretch.items());
    }
    assertThat(read).doesNotHaveDuplicates();
    assertThat(read.size() + dropped).isEqualTo(cursor);
    assertThat(cursor).isLessThanOrEqualTo(written);
  }

  @Test
  void readersBesideWritersSeeEachItemOnceOrCounted() throws Exception {
    Ring<Long> ring = new Ring<>(64);
    int each = 50_000;
    List<Thread> writers =
        List.of(new Thread(() -> write(ring, each)), new Thread(() -> write(ring, each)));
    writers.forEach(Thread::start);
    long cursor = 0;
    long seen = 0;
    long dropped = 0;
    while (cursor < 2L * each) {
      Stretch<Long> stretch = ring.after(cursor, 50);
      long expected = cursor + stretch.dropped();
      for (long item : stretch.items()) {
        expected++;
        assertThat(item).isEqualTo(expected);
      }
      cursor = stretch.lastSeq();
      seen += stretch.items().size();
      dropped += stretch.dropped();
    }
    for (Thread writer : writers) {
      writer.join();
    }
    assertThat(seen + dropped).isEqualTo(2L * each);
  }

  private static void write(Ring<Long> ring, int times) {
    for (int i = 0; i < times; i++) {
      ring.append(seq -> seq);
    }
  }

  private static Ring<Long> filled(int capacity, int items) {
    Ring<Long> ring = new Ring<>(capacity);
    write(ring, items);
    return ring;
  }
}
