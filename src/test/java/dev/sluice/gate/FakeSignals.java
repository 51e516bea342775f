package dev.sluice.gate;

import dev.sluice.model.Capacity;
import dev.sluice.model.Exchange;
import dev.sluice.model.Measurement;
import dev.sluice.model.ModelService;
import dev.sluice.model.Outcome;
import dev.sluice.model.Pair;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Timing;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.signal.Batch;
import dev.sluice.signal.Cursor;
import dev.sluice.signal.GoldenSet;
import dev.sluice.signal.GoldenSignals;
import dev.sluice.signal.LabelSignals;
import dev.sluice.signal.Signals;
import dev.sluice.signal.TrafficSignals;
import dev.sluice.signal.WorkloadSignals;
import dev.sluice.signal.score.Score;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.ToLongFunction;

/** Signals that say what a test wrote into them, numbered and paged as a data plane does. */
final class FakeSignals implements TrafficSignals, WorkloadSignals, GoldenSignals, LabelSignals {
  String epoch = "first";
  boolean down;
  final List<Exchange> exchanges = new ArrayList<>();
  final List<Pair> pairs = new ArrayList<>();

  /** The time at the data plane. */
  Instant now = Scene.START;

  /** When the requests that are still under way began. */
  final SortedSet<Instant> open = new TreeSet<>();

  /** Observations with lower numbers are lost. */
  long oldest = 1;

  double[] history = {};

  /** Of some timings another history. */
  Map<Timing, double[]> histories = Map.of();

  /** How long stalls last. */
  Duration moment = Duration.ZERO;

  final Map<String, String> labels = new HashMap<>();
  final Map<String, Double> scores = new HashMap<>();
  final Map<VersionName, WorkloadStatus> statuses = new HashMap<>();
  Map<String, String> zones = Map.of();
  final List<Check> checks = new ArrayList<>();
  final Map<VersionName, List<Memory>> memory = new HashMap<>();
  Capacity capacity = new Capacity(0, 0, 0);
  final Map<VersionName, List<URI>> endpoints = new HashMap<>();
  final Map<String, GoldenSet> sets = new HashMap<>();
  List<Answer> goldenAnswers = List.of();
  IntFunction<Score> judged = item -> new Score.Awaited();
  Function<URI, Answer> asked = uri -> new Answer(Outcome.ERROR, 0, "", null, .001);
  final FakeMetrics metrics = new FakeMetrics();
  final Map<URI, Integer> questions = new LinkedHashMap<>();

  Signals all() {
    return new Signals(this, this, this, this, metrics);
  }

  void exchange(
      VersionName version, Instant start, Outcome outcome, double seconds, boolean rescued) {
    exchange(version, "", start, outcome, seconds, rescued);
  }

  void exchange(
      VersionName version,
      String replica,
      Instant start,
      Outcome outcome,
      double seconds,
      boolean rescued) {
    exchanges.add(
        new Exchange(
            exchanges.size() + 1,
            "x" + exchanges.size(),
            version,
            replica,
            start,
            0,
            (long) (seconds * 1e9),
            0,
            outcome,
            200,
            rescued,
            false,
            "7"));
  }

  /** An answer to a user, and what stands in it. */
  void answer(VersionName version, Instant start, String answer, boolean rescued) {
    exchanges.add(
        new Exchange(
            exchanges.size() + 1,
            "x" + exchanges.size(),
            version,
            "",
            start,
            0,
            8_000_000,
            0,
            rescued ? Outcome.ERROR : Outcome.OK,
            rescued ? 503 : 200,
            rescued,
            false,
            rescued ? null : answer));
  }

  void pair(Instant start, Pair.Leg stable, Pair.Leg candidate) {
    pairs.add(new Pair(pairs.size() + 1, "p" + pairs.size(), start, stable, candidate));
  }

  static Pair.Leg leg(Outcome outcome, double seconds, String answer) {
    return leg("", outcome, seconds, answer);
  }

  static Pair.Leg leg(String replica, Outcome outcome, double seconds, String answer) {
    return new Pair.Leg(replica, 0, (long) (seconds * 1e9), 0, outcome, 200, answer);
  }

  private void mustBeUp() {
    if (down) {
      throw new Unavailable("the data plane can't be reached");
    }
  }

  @Override
  public Batch<Exchange> exchanges(ServiceName service, Cursor after, int limit) {
    return after(exchanges, after, limit, Exchange::sequence);
  }

  @Override
  public Batch<Pair> pairs(ServiceName service, Cursor after, int limit) {
    return after(pairs, after, limit, Pair::sequence);
  }

  private <T> Batch<T> after(List<T> all, Cursor cursor, int limit, ToLongFunction<T> sequence) {
    mustBeUp();
    long from = cursor.epoch().equals(epoch) ? cursor.sequence() : 0;
    long lost = Math.max(0, oldest - 1 - from);
    int begin = (int) Math.min(Math.max(from, oldest - 1), all.size());
    List<T> items = all.subList(begin, Math.min(all.size(), begin + limit));
    long end = items.isEmpty() ? from + lost : sequence.applyAsLong(items.getLast());
    Instant settled = open.isEmpty() ? now : open.first();
    return new Batch<>(items, new Cursor(epoch, end), lost, settled);
  }

  @Override
  public double[] history(ServiceName service, VersionName version, Timing timing) {
    mustBeUp();
    return histories.getOrDefault(timing, history).clone();
  }

  @Override
  public Duration moment(
      ServiceName service, VersionName version, Timing timing, Duration least, Duration most) {
    mustBeUp();
    return moment.compareTo(least) > 0 ? moment : least;
  }

  @Override
  public WorkloadStatus status(ServiceName service, VersionName version) {
    return statuses.getOrDefault(version, WorkloadStatus.absent(version));
  }

  @Override
  public List<Check> checks(ServiceName service, VersionName version) {
    return checks;
  }

  @Override
  public List<Memory> memory(ServiceName service, VersionName version) {
    return memory.getOrDefault(version, List.of());
  }

  @Override
  public Capacity capacity(ModelService service) {
    return capacity;
  }

  @Override
  public Map<String, String> zones(ServiceName service, VersionName version) {
    return zones;
  }

  @Override
  public List<URI> endpoints(ServiceName service, VersionName version) {
    return endpoints.getOrDefault(version, List.of());
  }

  @Override
  public Run run(ReleaseId release, ModelService service, VersionName version, String golden) {
    GoldenSet set = set(golden);
    List<Asked> asked = new ArrayList<>();
    for (int i = 0; i < goldenAnswers.size(); i++) {
      Asked one = Asked.of(set, i + 1, goldenAnswers.get(i));
      asked.add(
          one.score() instanceof Score.Awaited
              ? new Asked(one.item(), one.answer(), judged.apply(one.item()))
              : one);
    }
    return new Run(set, asked);
  }

  @Override
  public Answer ask(URI endpoint, ModelService service, String path, String body) {
    questions.merge(endpoint, 1, Integer::sum);
    return asked.apply(endpoint);
  }

  @Override
  public GoldenSet set(String golden) {
    GoldenSet set = sets.get(golden);
    if (set == null) {
      throw new Unavailable("there is no golden set '" + golden + "'");
    }
    return set;
  }

  @Override
  public Map<String, Measurement> measurements(ReleaseId release, Collection<String> requests) {
    Map<String, Measurement> known = new HashMap<>();
    requests.stream()
        .filter(r -> labels.containsKey(r) || scores.containsKey(r))
        .forEach(
            r -> known.put(r, new Measurement(r, labels.get(r), scores.get(r), Instant.EPOCH)));
    return known;
  }
}
