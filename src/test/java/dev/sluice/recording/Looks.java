package dev.sluice.recording;

import dev.sluice.model.Exchange;
import dev.sluice.model.Intent;
import dev.sluice.model.Outcome;
import dev.sluice.model.Pair;
import dev.sluice.model.Phase;
import dev.sluice.model.Timing;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.recording.Look.Condition;
import dev.sluice.recording.Look.Held;
import dev.sluice.recording.Look.Learned;
import dev.sluice.recording.Look.Past;
import dev.sluice.recording.Look.Said;
import dev.sluice.recording.Look.Stall;
import dev.sluice.recording.Look.Stretch;
import dev.sluice.signal.WorkloadSignals.Memory;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Looks of all kinds, as they are kept. */
final class Looks {
  private Looks() {}

  private static final Arbitrary<Instant> TIMES =
      Arbitraries.longs()
          .between(0, 4_000_000_000_000_000L)
          .map(micros -> Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
  private static final Arbitrary<Long> NANOS =
      Arbitraries.longs().between(0, 100_000_000_000L).map(Kept::rounded);
  private static final Arbitrary<String> TEXTS = Arbitraries.strings().ofMaxLength(12);
  private static final Arbitrary<String> NAMES = Arbitraries.of("v1", "v2", "fallback-3");
  private static final Arbitrary<String> REPLICAS = Arbitraries.of("", "a", "127.0.0.1:4711");
  private static final Arbitrary<VersionName> VERSIONS = NAMES.map(VersionName::new);
  private static final Arbitrary<Long> COUNTS = Arbitraries.longs().between(0, Long.MAX_VALUE / 4);
  private static final Arbitrary<String> DIGESTS =
      Arbitraries.integers().between(0, 9).map(n -> String.valueOf(Kept.digest("" + n)));

  static Arbitrary<Look> any() {
    return Combinators.combine(
            TIMES,
            points().injectNull(.1),
            Arbitraries.of(true, false),
            TIMES,
            Combinators.combine(conditions().injectNull(.5), intents(), said()).as(People::new),
            stretches(Looks::exchanges),
            stretches(Looks::pairs),
            Combinators.combine(pasts(), stalls(), held(), learned()).as(Rest::new))
        .as(
            (at, point, carried, readAt, people, exchanges, pairs, rest) ->
                new Look(
                    at,
                    point,
                    carried,
                    readAt,
                    carried ? Duration.ofMillis(3) : null,
                    people.condition,
                    people.intents,
                    people.said,
                    exchanges,
                    pairs,
                    rest.pasts,
                    rest.stalls,
                    rest.held,
                    rest.learned));
  }

  private record People(Condition condition, List<Intent> intents, List<Said> said) {}

  private record Rest(
      List<Past> pasts, List<Stall> stalls, List<Held> held, List<Learned> learned) {}

  private static Arbitrary<Phase.Point> points() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 5), Arbitraries.integers().between(0, 5))
        .as(Phase.Point::new);
  }

  private static Arbitrary<Condition> conditions() {
    return Combinators.combine(statuses().injectNull(.2), statuses()).as(Condition::new);
  }

  private static Arbitrary<WorkloadStatus> statuses() {
    return Combinators.combine(VERSIONS, TEXTS.injectNull(.5), TIMES.injectNull(.5), TEXTS)
        .as((v, death, diedAt, detail) -> new WorkloadStatus(v, 2, 1, death, diedAt, null, detail));
  }

  private static Arbitrary<List<Intent>> intents() {
    return Combinators.combine(Arbitraries.of(Intent.Kind.values()), TEXTS, TIMES)
        .as((kind, reason, at) -> new Intent(7, kind, "ann", reason, at))
        .list()
        .ofMaxSize(2);
  }

  private static Arbitrary<List<Said>> said() {
    return Combinators.combine(TEXTS, Arbitraries.of("pass", "fail"), TEXTS, COUNTS)
        .as(Said::new)
        .list()
        .ofMaxSize(2);
  }

  private interface Items<T> {
    Arbitrary<List<T>> of(String epoch);
  }

  private static <T> Arbitrary<Stretch<T>> stretches(Items<T> items) {
    Arbitrary<Stretch<T>> some =
        Arbitraries.of("one", "another")
            .flatMap(
                epoch ->
                    Combinators.combine(
                            items.of(epoch),
                            COUNTS,
                            TIMES,
                            COUNTS,
                            Arbitraries.integers().between(0, 11))
                        .as(
                            (all, dropped, settled, count, thinning) ->
                                new Stretch<>(
                                    epoch, all, dropped, settled, count, count / 2, thinning)));
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(1, Arbitraries.create(Stretch::<T>none)),
        net.jqwik.api.Tuple.of(4, some));
  }

  private static Arbitrary<List<Exchange>> exchanges(String epoch) {
    return Combinators.combine(
            COUNTS, VERSIONS, REPLICAS, TIMES.map(Kept::millis), times(), outcomes(), answers())
        .as(
            (sequence, version, replica, start, times, outcome, answer) ->
                new Exchange(
                    sequence,
                    Kept.exchangeName(epoch, sequence),
                    version,
                    replica,
                    start,
                    times.get(0),
                    times.get(1),
                    times.get(2),
                    outcome,
                    outcome == Outcome.OK ? 200 : 503,
                    outcome == Outcome.ERROR,
                    outcome == Outcome.TIMEOUT,
                    answer))
        .list()
        .ofMaxSize(20);
  }

  private static Arbitrary<List<Pair>> pairs(String epoch) {
    return Combinators.combine(COUNTS, TIMES.map(Kept::millis), legs(), legs())
        .as(
            (sequence, start, stable, candidate) ->
                new Pair(sequence, Kept.pairName(epoch, sequence), start, stable, candidate))
        .list()
        .ofMaxSize(20);
  }

  private static Arbitrary<Pair.Leg> legs() {
    return Combinators.combine(REPLICAS, times(), outcomes(), answers())
        .as(
            (replica, times, outcome, answer) ->
                new Pair.Leg(
                    replica, times.get(0), times.get(1), times.get(2), outcome, 200, answer));
  }

  private static Arbitrary<List<Long>> times() {
    return NANOS.list().ofSize(3);
  }

  private static Arbitrary<Outcome> outcomes() {
    return Arbitraries.of(Outcome.values());
  }

  private static Arbitrary<String> answers() {
    return DIGESTS.injectNull(.3);
  }

  private static Arbitrary<List<Past>> pasts() {
    return Combinators.combine(
            VERSIONS, Arbitraries.of(Timing.values()), NANOS.list().ofMaxSize(50))
        .as(
            (version, timing, nanos) -> {
              List<Double> seconds = new ArrayList<>();
              nanos.stream().sorted().forEach(n -> seconds.add(n / 1e9));
              return new Past(version, timing, seconds);
            })
        .list()
        .ofMaxSize(2);
  }

  private static Arbitrary<List<Stall>> stalls() {
    return Combinators.combine(
            VERSIONS,
            Arbitraries.of(Timing.values()),
            Arbitraries.integers().between(0, 1_000).map(Duration::ofMillis))
        .as(Stall::new)
        .list()
        .ofMaxSize(2);
  }

  private static Arbitrary<List<Held>> held() {
    return Combinators.combine(
            VERSIONS,
            Combinators.combine(REPLICAS, COUNTS, COUNTS, COUNTS, TIMES)
                .as((r, used, peak, capacity, at) -> new Memory(r, "GPU", used, peak, capacity, at))
                .list()
                .ofMaxSize(2))
        .as(Held::new)
        .list()
        .ofMaxSize(2);
  }

  private static Arbitrary<List<Learned>> learned() {
    return Combinators.combine(
            COUNTS,
            DIGESTS.injectNull(.3),
            Arbitraries.doubles().between(0, 1).injectNull(.3),
            TIMES)
        .as(
            (sequence, label, score, at) ->
                new Learned(Kept.pairName("one", sequence), label, score, at))
        .list()
        .ofMaxSize(3);
  }
}
