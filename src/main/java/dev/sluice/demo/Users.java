package dev.sluice.demo;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Users: real images, sent through the router at Poisson arrivals, whether earlier ones were
 * answered or not. Time is counted from when a request was due, so a stall can't hide the requests
 * it delayed.
 */
final class Users implements AutoCloseable {
  private static final int USERS = 600;
  private static final int MOST_IN_FLIGHT = 2_000;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration FAREWELL = Duration.ofSeconds(3);
  private static final long LABELS_EVERY_MILLIS = 200;

  private final URI target;
  private final List<Images.Image> images;
  private final Labels labels;
  private final Arrivals arrivals;
  private final long seed;
  private final SplittableRandom random;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final Semaphore room = new Semaphore(MOST_IN_FLIGHT);
  private final AtomicLong serial = new AtomicLong();
  private volatile Tally tally = new Tally();
  private final Histogram latency = new ConcurrentHistogram(TimeUnit.MINUTES.toMicros(1), 3);
  private final ScheduledExecutorService postman =
      Executors.newSingleThreadScheduledExecutor(
          work -> Thread.ofPlatform().daemon().name("labels").unstarted(work));
  private final Thread clockwork;
  private volatile boolean stopped;

  private Users(URI target, List<Images.Image> images, Labels labels, double perSecond, long seed) {
    this.target = target;
    this.images = images;
    this.labels = labels;
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.arrivals = new Arrivals(perSecond, random.split());
    this.clockwork = Thread.ofPlatform().daemon().name("users").unstarted(this::arrive);
  }

  /**
   * Starts sending.
   *
   * @param target where inference requests are posted
   * @param perSecond requests on average
   * @param seed of arrivals and images, and a part of the requests' ids
   */
  static Users start(
      URI target, List<Images.Image> images, Labels labels, double perSecond, long seed) {
    Users users = new Users(target, images, labels, perSecond, seed);
    users.clockwork.start();
    var unused =
        users.postman.scheduleWithFixedDelay(
            () -> labels.postDue(System.nanoTime()),
            LABELS_EVERY_MILLIS,
            LABELS_EVERY_MILLIS,
            TimeUnit.MILLISECONDS);
    return users;
  }

  /** Requests due from now on are counted in {@code next}; returns what they were counted in. */
  synchronized Tally countIn(Tally next) {
    Tally before = tally;
    tally = next;
    return before;
  }

  /** Latency from when a request was due, in milliseconds, at a percentile of 0..100. */
  double latencyMillis(double percentile) {
    return latency.getValueAtPercentile(percentile) / 1000.0;
  }

  private void arrive() {
    long due = System.nanoTime();
    while (!stopped) {
      due += arrivals.nextGapNanos();
      for (long left = due - System.nanoTime(); left > 0 && !stopped; ) {
        LockSupport.parkNanos(left);
        left = due - System.nanoTime();
      }
      if (!stopped) {
        send(due);
      }
    }
  }

  private void send(long due) {
    Tally counted = tally;
    counted.due();
    if (!room.tryAcquire()) {
      counted.bad(MOST_IN_FLIGHT + " requests are unanswered");
      return;
    }
    Images.Image image = images.get(random.nextInt(images.size()));
    String id = "demo-" + seed + "-" + serial.incrementAndGet();
    HttpRequest request =
        HttpRequest.newBuilder(target)
            .timeout(PATIENCE)
            .header("content-type", "application/json")
            .header("x-user-id", "user-" + random.nextInt(USERS))
            .header("x-request-id", id)
            .POST(HttpRequest.BodyPublishers.ofString(image.body()))
            .build();
    var unused =
        client
            .sendAsync(request, HttpResponse.BodyHandlers.ofString())
            .whenComplete(
                (response, failure) -> answered(counted, due, id, image, response, failure));
  }

  private void answered(
      Tally counted,
      long due,
      String id,
      Images.Image image,
      @Nullable HttpResponse<String> response,
      @Nullable Throwable failure) {
    room.release();
    if (response == null && stopped) {
      counted.forgotten(); // the demo ends: nobody waits for this answer any more
      return;
    }
    long now = System.nanoTime();
    latency.recordValue(
        Math.min(TimeUnit.NANOSECONDS.toMicros(now - due), latency.getHighestTrackableValue()));
    String problem =
        response == null
            ? "no answer: " + failure
            : Answer.problem(response.statusCode(), response.body());
    if (problem.isEmpty()) {
      counted.good();
    } else {
      counted.bad(problem);
    }
    if (response != null) {
      labels.answered(id, image.label(), now);
    }
  }

  /** Stops sending and gives answers under way a moment to come. */
  @Override
  public void close() {
    stopped = true;
    LockSupport.unpark(clockwork);
    postman.shutdownNow();
    try {
      clockwork.join();
      if (room.tryAcquire(MOST_IN_FLIGHT, FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
        room.release(MOST_IN_FLIGHT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    client.shutdownNow();
  }
}
