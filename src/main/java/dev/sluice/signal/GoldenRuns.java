package dev.sluice.signal;

import dev.sluice.model.ModelService;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks golden sets of candidates in the background, a few requests at a time: the point is whether
 * the answers are right, not how much load the candidate bears. Nothing of it outlives the process.
 */
public final class GoldenRuns implements GoldenSignals, AutoCloseable {
  private static final int AT_A_TIME = 4;

  /** Runs kept; the oldest gives way, and would start again from its beginning. */
  private static final int MOST_RUNS = 16;

  private record Key(ReleaseId release, VersionName version, String golden) {}

  private final Function<String, Optional<GoldenSet>> sets;
  private final WorkloadSignals workload;
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
   */
  public GoldenRuns(Function<String, Optional<GoldenSet>> sets, WorkloadSignals workload) {
    this.sets = sets;
    this.workload = workload;
  }

  @Override
  public Run run(ReleaseId release, ModelService service, VersionName version, String golden) {
    Key key = new Key(release, version, golden);
    synchronized (runs) {
      Started started = runs.get(key);
      if (started == null) {
        GoldenSet set = set(golden);
        List<URI> endpoints = workload.endpoints(service.name(), version);
        if (endpoints.isEmpty()) {
          throw new Unavailable("version " + version + " has no ready replica to ask");
        }
        started = new Started(set);
        runs.put(key, started);
        start(started, service, endpoints);
      }
      return started.soFar();
    }
  }

  private void start(Started run, ModelService service, List<URI> endpoints) {
    Semaphore free = new Semaphore(AT_A_TIME);
    for (int i = 0; i < run.set.items().size(); i++) {
      int item = i;
      threads.execute(
          () -> {
            free.acquireUninterruptibly();
            try {
              run.answers.set(
                  item,
                  probe.ask(
                      endpoints.get(item % endpoints.size()),
                      service,
                      run.set.path(),
                      run.set.items().get(item).request()));
            } finally {
              free.release();
            }
          });
    }
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
    private final AtomicReferenceArray<@Nullable Answer> answers;

    Started(GoldenSet set) {
      this.set = set;
      this.answers = new AtomicReferenceArray<>(set.items().size());
    }

    /** The answers up to the first that is still out. */
    Run soFar() {
      List<Answer> inOrder = new ArrayList<>();
      for (int i = 0; i < answers.length(); i++) {
        Answer answer = answers.get(i);
        if (answer == null) {
          break;
        }
        inOrder.add(answer);
      }
      return new Run(set, inOrder);
    }
  }
}
