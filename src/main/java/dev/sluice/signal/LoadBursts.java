package dev.sluice.signal;

import dev.sluice.model.ModelService;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import dev.sluice.signal.GoldenSignals.Answer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sends bursts of golden requests to candidates. Nothing of it outlives the process. */
public final class LoadBursts implements LoadSignals, AutoCloseable {
  /** Bursts kept; the oldest gives way, and would start again. */
  private static final int MOST_BURSTS = 16;

  /** Between two requests of a server that is asked whether it serves again. */
  private static final Duration PAUSE = Duration.ofMillis(50);

  private static final int SUCCESS = 2;

  private record Key(ReleaseId release, VersionName version, Plan plan) {}

  private final GoldenSignals golden;
  private final WorkloadSignals workload;
  private final Probe probe = new Probe();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<Key, UnderWay> bursts =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, UnderWay> eldest) {
          return size() > MOST_BURSTS;
        }
      };

  /**
   * @param golden has the requests
   * @param workload tells where a version answers
   */
  public LoadBursts(GoldenSignals golden, WorkloadSignals workload) {
    this.golden = golden;
    this.workload = workload;
  }

  @Override
  public Burst burst(ReleaseId release, ModelService service, VersionName version, Plan plan) {
    Key key = new Key(release, version, plan);
    synchronized (bursts) {
      UnderWay burst = bursts.get(key);
      if (burst == null) {
        GoldenSet set = golden.set(plan.golden());
        List<URI> endpoints = workload.endpoints(service.name(), version);
        if (endpoints.isEmpty()) {
          throw new Unavailable("version " + version + " has no ready replica to ask");
        }
        burst = new UnderWay(service, endpoints.getFirst(), set, plan);
        bursts.put(key, burst);
        threads.execute(burst);
      }
      return burst.soFar();
    }
  }

  /** Stops asking; bursts under way stay open. */
  @Override
  public void close() {
    threads.shutdownNow();
    probe.close();
  }

  /** A burst under way or over. */
  private final class UnderWay implements Runnable {
    private final ModelService service;
    private final URI endpoint;
    private final GoldenSet set;
    private final Plan plan;
    private final List<Answer> answers = new ArrayList<>();
    private @Nullable Duration recovered;
    private boolean over;

    UnderWay(ModelService service, URI endpoint, GoldenSet set, Plan plan) {
      this.service = service;
      this.endpoint = endpoint;
      this.set = set;
      this.plan = plan;
    }

    synchronized Burst soFar() {
      return new Burst(answers, recovered, over);
    }

    @Override
    public void run() {
      try {
        sendAllAtOnce();
        Duration first = untilServed();
        synchronized (this) {
          recovered = first;
          over = true;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void sendAllAtOnce() throws InterruptedException {
      CountDownLatch start = new CountDownLatch(1);
      CountDownLatch ended = new CountDownLatch(plan.requests());
      for (int i = 0; i < plan.requests(); i++) {
        int item = i;
        threads.execute(
            () -> {
              try {
                start.await();
                Answer answer = ask(item);
                synchronized (this) {
                  answers.add(answer);
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } finally {
                ended.countDown();
              }
            });
      }
      start.countDown();
      ended.await();
    }

    /** How long it takes until a request is served; null if none is in time. */
    private @Nullable Duration untilServed() throws InterruptedException {
      long begun = System.nanoTime();
      for (int item = 0; ; item++) {
        boolean served = ask(item).status() / 100 == SUCCESS;
        Duration since = Duration.ofNanos(System.nanoTime() - begun);
        if (served) {
          return since;
        }
        if (since.compareTo(plan.recoverWithin()) >= 0) {
          return null;
        }
        // a server that still refuses must not be kept busy by refusing
        TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
      }
    }

    private Answer ask(int item) {
      return probe.ask(
          endpoint, service, set.path(), set.items().get(item % set.items().size()).request());
    }
  }
}
