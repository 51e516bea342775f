package dev.sluice.signal;

import dev.sluice.model.ModelService;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import dev.sluice.signal.score.Judge;
import dev.sluice.signal.score.JudgeCall;
import dev.sluice.signal.score.JudgeCall.Question;
import dev.sluice.signal.score.Score;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Asks golden sets of candidates in the background, a few requests at a time: the point is whether
 * the answers are right, not how much load the candidate bears. Nothing of it outlives the process.
 * Judges are asked a few answers at a time, too, and once more by each later call for what they
 * didn't score.
 */
public final class GoldenRuns implements GoldenSignals, AutoCloseable {
  private static final int AT_A_TIME = 4;

  /** Runs kept; the oldest gives way, and would start again from its beginning. */
  private static final int MOST_RUNS = 16;

  private record Key(ReleaseId release, VersionName version, String golden) {}

  private final Function<String, Optional<GoldenSet>> sets;
  private final WorkloadSignals workload;
  private final JudgeCall judges;
  private final Probe probe = new Probe();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<Key, Started> runs =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Started> eldest) {
          return size() > MOST_RUNS;
        }
      };

  /**
   * @param sets the golden sets there are, by name
   * @param workload tells where a version answers
   * @param judges scores answers of sets whose scorer is a judge
   */
  public GoldenRuns(
      Function<String, Optional<GoldenSet>> sets, WorkloadSignals workload, JudgeCall judges) {
    this.sets = sets;
    this.workload = workload;
    this.judges = judges;
  }

  @Override
  public Run run(ReleaseId release, ModelService service, VersionName version, String golden) {
    Started run = started(new Key(release, version, golden), service);
    Run soFar = run.soFar();
    if (soFar.complete() && run.set.scorer() instanceof Judge judge && run.isIdle()) {
      soFar.asked().stream()
          .filter(asked -> asked.score() instanceof Score.Missing)
          .forEach(asked -> inTurn(run, () -> judge(run, judge, asked)));
    }
    return soFar;
  }

  private Started started(Key key, ModelService service) {
    synchronized (runs) {
      Started before = runs.get(key);
      if (before != null) {
        return before;
      }
      GoldenSet set = set(key.golden());
      List<URI> endpoints = workload.endpoints(service.name(), key.version());
      if (endpoints.isEmpty()) {
        throw new Unavailable("version " + key.version() + " has no ready replica to ask");
      }
      Started run = new Started(set);
      runs.put(key, run);
      start(run, service, endpoints, key.release());
      return run;
    }
  }

  private void start(Started run, ModelService service, List<URI> endpoints, ReleaseId release) {
    List<Integer> order =
        IntStream.range(0, run.set.items().size())
            .boxed()
            .collect(Collectors.toCollection(ArrayList::new));
    // an order that means something, all easy ones first, must not: what a stopped run has seen,
    // and what a server still has to warm up for, is then any part of the set
    Collections.shuffle(order, new Random(release.value().getMostSignificantBits()));
    for (int index : order) {
      inTurn(run, () -> ask(run, index, service, endpoints.get(index % endpoints.size())));
    }
  }

  private void ask(Started run, int index, ModelService service, URI endpoint) {
    Answer answer =
        probe.ask(endpoint, service, run.set.path(), run.set.items().get(index).request());
    Asked asked = Asked.of(run.set, index + 1, answer);
    run.asked.set(index, asked);
    if (asked.score() instanceof Score.Awaited && run.set.scorer() instanceof Judge judge) {
      judge(run, judge, asked);
    }
  }

  private void judge(Started run, Judge judge, Asked asked) {
    GoldenSet.Item item = run.set.items().get(asked.item() - 1);
    Score score;
    try {
      score =
          new Score.Given(
              judges.score(
                  judge.name(),
                  new Question(
                      run.set.name(),
                      asked.item(),
                      item.request(),
                      String.valueOf(asked.answer().value()),
                      item.labels())));
    } catch (Unavailable e) {
      score = new Score.Missing(String.valueOf(e.getMessage()));
    }
    run.asked.set(asked.item() - 1, new Asked(asked.item(), asked.answer(), score));
  }

  /** Soon, a few at a time. */
  private void inTurn(Started run, Runnable work) {
    run.underWay.incrementAndGet();
    threads.execute(
        () -> {
          run.free.acquireUninterruptibly();
          try {
            work.run();
          } finally {
            run.free.release();
            run.underWay.decrementAndGet();
          }
        });
  }

  @Override
  public Answer ask(URI endpoint, ModelService service, String path, String body) {
    return probe.ask(endpoint, service, path, body);
  }

  @Override
  public GoldenSet set(String golden) {
    return sets.apply(golden)
        .orElseThrow(() -> new Unavailable("there is no golden set '" + golden + "'"));
  }

  /** Stops asking; runs under way stay incomplete. */
  @Override
  public void close() {
    threads.shutdownNow();
    probe.close();
  }

  /** A run under way or complete. */
  private static final class Started {
    private final GoldenSet set;
    private final AtomicReferenceArray<@Nullable Asked> asked;
    private final Semaphore free = new Semaphore(AT_A_TIME);
    private final AtomicInteger underWay = new AtomicInteger();

    Started(GoldenSet set) {
      this.set = set;
      this.asked = new AtomicReferenceArray<>(set.items().size());
    }

    boolean isIdle() {
      return underWay.get() == 0;
    }

    Run soFar() {
      List<Asked> answered = new ArrayList<>();
      for (int i = 0; i < asked.length(); i++) {
        Asked one = asked.get(i);
        if (one != null) {
          answered.add(one);
        }
      }
      return new Run(set, answered);
    }
  }
}
