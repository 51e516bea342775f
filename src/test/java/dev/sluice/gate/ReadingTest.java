package dev.sluice.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Exchange;
import dev.sluice.model.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ReadingTest {
  private static final int MOST_MILLIS = 6_000;

  /** One request: when it begins and how long it takes. */
  record Request(int startMillis, int tookMillis, boolean toCandidate) {
    Instant start() {
      return Scene.START.plusMillis(startMillis);
    }

    Instant end() {
      return start().plusMillis(tookMillis);
    }
  }

  @Provide
  static Arbitrary<List<Request>> requests() {
    return Combinators.combine(
            Arbitraries.integers().between(0, MOST_MILLIS),
            Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(8, Arbitraries.integers().between(1, 100)),
                net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(100, MOST_MILLIS))),
            Arbitraries.of(true, false))
        .as(Request::new)
        .list()
        .ofMaxSize(60);
  }

  @Property(tries = 300)
  void everyRequestIsUsedOnceInItsSecondAndNoneBeforeAllOfItsSecondHaveEnded(
      @ForAll("requests") List<Request> requests,
      @ForAll @Size(min = 1, max = 12)
          List<@net.jqwik.api.constraints.IntRange(max = 2_000) Integer> waits) {
    Scene scene = new Scene(new ErrorsGate());
    Ledger ledger = new Ledger();
    ledger.since = Scene.START;
    List<Exchange> used = new ArrayList<>();
    for (int wait : waits) {
      scene.pass(Duration.ofMillis(wait));
      show(scene, requests);
      for (List<Exchange> batch :
          ledger.exchanges(scene.context(), false, all -> all.size() >= 2)) {
        used.addAll(batch);
      }
      assertThat(used).doesNotHaveDuplicates();
      assertThat(startsBySecond(used))
          .allSatisfy((second, count) -> assertThat(count).isEqualTo(begunIn(second, requests)));
    }
    scene.pass(Duration.ofMillis(2L * MOST_MILLIS + 1_000));
    show(scene, requests);
    ledger.exchanges(scene.context(), false, all -> true).forEach(used::addAll);

    assertThat(used).hasSameSizeAs(requests);
    assertThat(ledger.lost).isZero();
  }

  private static void show(Scene scene, List<Request> requests) {
    scene.signals.exchanges.clear();
    scene.signals.open.clear();
    requests.stream()
        .filter(r -> !r.end().isAfter(scene.now))
        .sorted(Comparator.comparing(Request::end).thenComparingInt(requests::indexOf))
        .forEach(
            r ->
                scene.signals.exchange(
                    r.toCandidate() ? Scene.CANDIDATE : Scene.STABLE,
                    r.start(),
                    Outcome.OK,
                    r.tookMillis() / 1e3,
                    false));
    requests.stream()
        .filter(r -> !r.start().isAfter(scene.now) && r.end().isAfter(scene.now))
        .forEach(r -> scene.signals.open.add(r.start()));
  }

  private static Map<Instant, Long> startsBySecond(List<Exchange> used) {
    return used.stream()
        .collect(
            Collectors.groupingBy(
                e -> e.start().truncatedTo(ChronoUnit.SECONDS),
                TreeMap::new,
                Collectors.counting()));
  }

  private static long begunIn(Instant second, List<Request> requests) {
    return requests.stream()
        .filter(r -> r.start().truncatedTo(ChronoUnit.SECONDS).equals(second))
        .count();
  }

  @Test
  void moreThanAPageIsReadToTheEnd() {
    Scene scene = new Scene(new ErrorsGate());
    for (int i = 0; i < 5_000; i++) {
      scene.signals.exchange(Scene.STABLE, scene.now.plusMillis(i % 900), Outcome.OK, .01, false);
    }
    scene.pass(Duration.ofSeconds(1));
    Ledger ledger = new Ledger();
    ledger.since = Scene.START;

    assertThat(ledger.exchanges(scene.context(), false, batch -> true).getFirst()).hasSize(5_000);
    assertThat(ledger.judgedTo).isEqualTo(scene.now);
  }

  @Test
  void whatEndsAfterItWasGivenUpIsCountedAsLost() {
    Scene scene = new Scene(new ErrorsGate());
    Ledger ledger = new Ledger();
    ledger.since = Scene.START;
    scene.signals.exchange(Scene.STABLE, scene.now, Outcome.OK, .01, false);
    scene.pass(Duration.ofSeconds(2));
    assertThat(ledger.exchanges(scene.context(), false, batch -> true)).hasSize(1);
    scene.signals.exchange(Scene.STABLE, Scene.START, Outcome.TIMEOUT, 300, false);

    assertThat(ledger.exchanges(scene.context(), false, batch -> true)).isEmpty();
    assertThat(ledger.exchanges(scene.context(), false, batch -> true)).isEmpty();
    assertThat(ledger.lost).isEqualTo(1);
  }
}
