package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gate.AllGates;
import dev.sluice.gate.GateKinds;
import dev.sluice.model.Decision;
import dev.sluice.model.Exchange;
import dev.sluice.model.Observation;
import dev.sluice.model.Outcome;
import dev.sluice.model.Pair;
import dev.sluice.model.Phase;
import dev.sluice.model.QualityGate;
import dev.sluice.model.RecordedLook;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Serving;
import dev.sluice.model.Timing;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.recording.Look;
import dev.sluice.recording.LookCodec;
import dev.sluice.recording.Room;
import dev.sluice.signal.Batch;
import dev.sluice.signal.Cursor;
import dev.sluice.signal.Signals;
import dev.sluice.signal.TrafficSignals;
import dev.sluice.signal.metrics.MetricSignals;
import dev.sluice.store.Claim;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A recording has its bounds, whatever the traffic and however long a step lasts. */
class RecorderTest {
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
  private static final Phase.Point CANARY = new Phase.Point(3, 0);

  private final Recorder recorder =
      new Recorder(new Versions(name -> Optional.empty()), new GateKinds(AllGates.kinds(Set.of())));
  private final Busy traffic = new Busy();
  private final ByteArrayOutputStream recorded = new ByteArrayOutputStream();
  private Phase phase = new Phase.Submitted(T0);

  /** So many requests a second, a tenth of them to the candidate. */
  private static final class Busy implements TrafficSignals {
    private static final int RATE = 300;
    private final SplittableRandom random = new SplittableRandom(1);
    private final List<Exchange> latest = new ArrayList<>();
    private Instant now = T0;
    private long count;

    void second() {
      latest.clear();
      for (int i = 0; i < RATE; i++) {
        count++;
        long nanos = (long) (2e8 * Math.exp(.6 * random.nextGaussian()));
        latest.add(
            new Exchange(
                count,
                "r" + count,
                count % 10 == 0 ? Bench.V2 : Bench.V1,
                "replica-" + count % 3,
                now.plusNanos(i * (1_000_000_000L / RATE)),
                nanos / 2,
                nanos,
                0,
                Outcome.OK,
                200,
                false,
                false,
                "" + random.nextInt(10)));
      }
      now = now.plusSeconds(1);
    }

    @Override
    public Batch<Exchange> exchanges(ServiceName service, Cursor after, int limit) {
      return new Batch<>(latest, new Cursor("busy", count), 0, now);
    }

    @Override
    public Batch<Pair> pairs(ServiceName service, Cursor after, int limit) {
      return new Batch<>(List.of(), after, 0, now);
    }

    @Override
    public double[] history(ServiceName service, VersionName version, Timing timing) {
      return LongStream.range(0, 10_000).mapToDouble(i -> .1 + i * 1e-5).toArray();
    }

    @Override
    public Duration moment(
        ServiceName service, VersionName version, Timing timing, Duration least, Duration most) {
      return least;
    }
  }

  private Release release(Phase in) {
    return Bench.release(
            new ReleaseId(new UUID(0, 1)),
            Bench.V2,
            Bench.V1,
            Bench.pipeline(),
            List.of(
                new QualityGate("counting", "readiness", QualityGate.Mode.ENFORCE, 1, Map.of())),
            T0)
        .in(in);
  }

  /** One pass in which gates read all there is, and after which the release is in that phase. */
  private void pass(Phase then) {
    Release release = release(phase);
    Claim claim =
        new Claim(
            Bench.service(Bench.V1, 1, dev.sluice.model.FallbackLadder.NONE),
            new Serving(Bench.V1, null),
            release,
            Map.of(),
            List.of(),
            1,
            1,
            recorded.size());
    Recorder.Session session = recorder.of(claim, release);
    Signals signals =
        session.on(
            new Signals(
                traffic,
                new PlatformSignals(new FakeWorkloads(new FakeRouter())),
                new Bench.NoGolden(),
                (id, requests) -> Map.of(),
                MetricSignals.NONE));
    signals.traffic().exchanges(Bench.SERVICE, Cursor.START, 2_000);
    signals.traffic().history(Bench.SERVICE, Bench.V1, Timing.WHOLE);
    World.Seen seen =
        new World.Seen(
            TrafficSplit.allOn(Bench.V1), traffic.now, null, new LinkedHashMap<>(), null, "");
    Deliberation.Outcome outcome =
        new Deliberation.Outcome(
            Judges.Verdicts.NONE,
            new Observation(
                seen.split(),
                seen.splitReadAt(),
                null,
                null,
                WorkloadStatus.absent(Bench.V2),
                Map.of(),
                null,
                List.of()),
            new Decision(release.in(then), claim.serving(), List.of(), Duration.ZERO),
            traffic.now);
    Optional<RecordedLook> look = session.look(outcome, seen);
    look.ifPresent(l -> recorded.writeBytes(l.look()));
    session.committed();
    phase = then;
  }

  private static Phase observing(Instant since) {
    return new Phase.Observing(CANARY, since, since);
  }

  @Test
  void aLongStepUnderHeavyTrafficKeepsToItsPart() {
    pass(observing(T0));
    Release release = release(observing(T0));
    int seconds = 1_500;
    for (int i = 0; i < seconds; i++) {
      traffic.second();
      pass(observing(T0));
    }

    List<Look> looks = LookCodec.read(recorded.toByteArray());
    int steps = Room.steps(release);
    assertThat((long) recorded.size())
        .isLessThanOrEqualTo(Room.MOST_BYTES * (Room.index(release) + 1) / steps);
    assertThat(looks.getLast().at())
        .as("its end leaves a trace, too")
        .isAfter(T0.plusSeconds(seconds - 300));
    assertThat(looks.stream().mapToLong(l -> l.exchanges().all()).sum())
        .as("what is thinned out is counted")
        .isBetween((long) Busy.RATE * (seconds - 300), (long) Busy.RATE * seconds);
    assertThat(looks.get(1).exchanges().thinning()).isZero();
    assertThat(looks.get(1).exchanges().items()).hasSize(Busy.RATE);
    assertThat(looks.getLast().exchanges().thinning()).isPositive();
    assertThat(looks)
        .extracting(l -> l.exchanges().thinning())
        .isSortedAccordingTo(Integer::compare);
  }

  @Test
  void whereNothingHappensLittleIsWrittenDown() {
    pass(observing(T0));
    traffic.second();
    for (int i = 0; i < 6 * 3_600; i++) {
      traffic.now = T0.plusSeconds(i);
      pass(observing(T0));
    }

    assertThat(LookCodec.read(recorded.toByteArray())).hasSizeBetween(200, 2_500);
    assertThat(recorded.size()).isLessThan(60_000);
  }

  @Test
  void eachObservationIsWrittenDownOnceHoweverOftenItIsRead() {
    pass(observing(T0));
    for (int i = 0; i < 5; i++) {
      traffic.second();
      pass(observing(T0));
      pass(observing(T0));
    }

    List<Long> numbers =
        LookCodec.read(recorded.toByteArray()).stream()
            .flatMap(l -> l.exchanges().items().stream())
            .map(Exchange::sequence)
            .toList();
    assertThat(numbers)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 1_500).boxed().toList());
  }

  @Test
  void nothingIsWrittenDownOfWhatWasNotOpened() {
    phase = observing(T0);
    traffic.second();
    pass(observing(T0));

    assertThat(recorded.size()).isZero();
  }
}
