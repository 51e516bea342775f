package dev.sluice.recording;

import dev.sluice.model.Capacity;
import dev.sluice.model.Exchange;
import dev.sluice.model.Measurement;
import dev.sluice.model.ModelService;
import dev.sluice.model.Pair;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Timing;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.recording.Look.Held;
import dev.sluice.recording.Look.Learned;
import dev.sluice.recording.Look.Past;
import dev.sluice.recording.Look.Stall;
import dev.sluice.recording.Look.Stretch;
import dev.sluice.signal.Batch;
import dev.sluice.signal.Cursor;
import dev.sluice.signal.LabelSignals;
import dev.sluice.signal.Signals;
import dev.sluice.signal.TrafficSignals;
import dev.sluice.signal.WorkloadSignals;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Hears what gates are given, and keeps what is new in it until it is written down. Gates are given
 * what they would be given without it. Used by one pass at a time.
 */
public final class Tap {
  private final Heard before;
  private final VersionName candidate;
  private final Numbered<Exchange> exchanges;
  private final Numbered<Pair> pairs;
  private final Map<Heard.Asked, Past> pasts = new LinkedHashMap<>();
  private final Map<Heard.Asked, Stall> stalls = new LinkedHashMap<>();
  private final Map<VersionName, Held> memory = new LinkedHashMap<>();
  private final Map<String, Learned> learned = new LinkedHashMap<>();

  /** Of this look: a gate asks for labels of what it has just read. */
  private final List<Batch<Exchange>> readExchanges = new ArrayList<>();

  private final List<Batch<Pair>> readPairs = new ArrayList<>();

  private int stage = -1;

  /**
   * @param before what was written down earlier
   */
  public Tap(Heard before, Release release) {
    this.before = before;
    this.candidate = release.candidate();
    VersionName stable = release.stable();
    exchanges =
        new Numbered<>(
            before.exchanges(),
            Exchange::sequence,
            Exchange::start,
            e -> e.version().equals(candidate) || e.version().equals(stable),
            e -> e.version().equals(candidate));
    pairs = new Numbered<>(before.pairs(), Pair::sequence, Pair::start, p -> true, p -> true);
  }

  /** The same signals, heard. */
  public Signals on(Signals signals, Release release) {
    readExchanges.clear();
    readPairs.clear();
    stage = release.at() == null ? -1 : release.at().stage();
    // a release's first reading begins with what the data plane still has from before it
    Instant begun = release.phase().since();
    exchanges.notBefore(begun);
    pairs.notBefore(begun);
    return new Signals(
        new Traffic(signals.traffic()),
        new Workload(signals.workload()),
        signals.golden(),
        new Labels(signals.labels()),
        signals.metrics());
  }

  /** Whether there is something that no look before could have told. */
  public boolean hasNews() {
    return exchanges.count() > 0 || pairs.count() > 0 || !learned.isEmpty() || !pasts.isEmpty();
  }

  /** What was heard of user requests, thinned. */
  public Stretch<Exchange> exchanges(int thinning) {
    return exchanges.stretch(thinning, Kept::of);
  }

  /** What was heard of pairs, thinned. */
  public Stretch<Pair> pairs(int thinning) {
    return pairs.stretch(thinning, Kept::of);
  }

  public List<Past> pasts() {
    return List.copyOf(pasts.values());
  }

  public List<Stall> stalls() {
    return List.copyOf(stalls.values());
  }

  public List<Held> memory() {
    return List.copyOf(memory.values());
  }

  /** What was heard of requests after they were answered, of those that are kept. */
  public List<Learned> learned(int thinning) {
    return learned.values().stream()
        .filter(l -> Kept.isChosen(Kept.sequence(l.request()), thinning))
        .toList();
  }

  /** What is known to be written down once all of this is. */
  public Heard written() {
    return before.and(
        exchanges.mark(), pairs.mark(), pasts.values(), stalls.values(), stage, learned.keySet());
  }

  private final class Traffic implements TrafficSignals {
    private final TrafficSignals from;

    Traffic(TrafficSignals from) {
      this.from = from;
    }

    @Override
    public Batch<Exchange> exchanges(ServiceName service, Cursor after, int limit) {
      Batch<Exchange> batch = from.exchanges(service, after, limit);
      readExchanges.add(batch);
      return exchanges.heard(batch, after);
    }

    @Override
    public Batch<Pair> pairs(ServiceName service, Cursor after, int limit) {
      Batch<Pair> batch = from.pairs(service, after, limit);
      readPairs.add(batch);
      return pairs.heard(batch, after);
    }

    @Override
    public double[] history(ServiceName service, VersionName version, Timing timing) {
      double[] seconds = from.history(service, version, timing);
      if (before.isNews(new Heard.Asked(version, timing), stage, seconds.length)) {
        for (Timing each : Timing.values()) {
          // another policy may ask for another of them
          keep(version, each, each == timing ? seconds : from.history(service, version, each));
        }
      }
      return seconds;
    }

    @Override
    public Duration moment(
        ServiceName service, VersionName version, Timing timing, Duration least, Duration most) {
      Duration lasts = from.moment(service, version, timing, least, most);
      Heard.Asked asked = new Heard.Asked(version, timing);
      if (before.isNews(asked, lasts)) {
        stalls.put(asked, new Stall(version, timing, lasts));
      } else {
        stalls.remove(asked);
      }
      return lasts;
    }

    private void keep(VersionName version, Timing timing, double[] seconds) {
      List<Double> all = new ArrayList<>();
      for (double one : seconds) {
        all.add(one);
      }
      pasts.put(new Heard.Asked(version, timing), new Past(version, timing, all));
    }
  }

  private final class Labels implements LabelSignals {
    private final LabelSignals from;

    Labels(LabelSignals from) {
      this.from = from;
    }

    @Override
    public Map<String, Measurement> measurements(ReleaseId release, Collection<String> requests) {
      Map<String, Measurement> known = from.measurements(release, requests);
      names(known.keySet())
          .forEach(
              (request, name) -> {
                Measurement m = known.get(request);
                if (m != null && !before.knows(name)) {
                  learned.put(
                      name,
                      new Learned(name, Kept.digest(m.label()), m.score(), Kept.micros(m.at())));
                }
              });
      return known;
    }

    /** What these requests are called in a recording, of those that were read in this look. */
    private Map<String, String> names(Set<String> requests) {
      Map<String, String> names = new HashMap<>();
      if (requests.isEmpty()) {
        return names;
      }
      for (Batch<Exchange> batch : readExchanges) {
        for (Exchange e : batch.items()) {
          if (requests.contains(e.requestId())) {
            names.put(e.requestId(), Kept.exchangeName(batch.end().epoch(), e.sequence()));
          }
        }
      }
      for (Batch<Pair> batch : readPairs) {
        for (Pair pair : batch.items()) {
          if (requests.contains(pair.requestId())) {
            names.put(pair.requestId(), Kept.pairName(batch.end().epoch(), pair.sequence()));
          }
        }
      }
      return names;
    }
  }

  private final class Workload implements WorkloadSignals {
    private final WorkloadSignals from;

    Workload(WorkloadSignals from) {
      this.from = from;
    }

    @Override
    public List<Memory> memory(ServiceName service, VersionName version) {
      List<Memory> replicas = from.memory(service, version);
      memory.put(version, new Held(version, replicas));
      return replicas;
    }

    @Override
    public WorkloadStatus status(ServiceName service, VersionName version) {
      return from.status(service, version);
    }

    @Override
    public List<Check> checks(ServiceName service, VersionName version) {
      return from.checks(service, version);
    }

    @Override
    public Capacity capacity(ModelService service) {
      return from.capacity(service);
    }

    @Override
    public List<URI> endpoints(ServiceName service, VersionName version) {
      return from.endpoints(service, version);
    }

    @Override
    public Map<String, String> zones(ServiceName service, VersionName version) {
      return from.zones(service, version);
    }
  }
}
