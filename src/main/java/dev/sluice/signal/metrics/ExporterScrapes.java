package dev.sluice.signal.metrics;

import dev.sluice.model.Unavailable;
import dev.sluice.signal.BoundedBody;
import dev.sluice.signal.promql.Selector;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads metrics off servers, when somebody asks for them, and remembers a little of the past, so
 * that increases can be told. Nothing of it outlives the process.
 */
final class ExporterScrapes implements AutoCloseable {
  private static final int LONGEST_ANSWER = 8 << 20;

  /** Gates of one look share what was just read. */
  private static final Duration FRESH = Duration.ofMillis(500);

  private static final Duration KEPT_UNASKED = Duration.ofMinutes(10);

  /**
   * One server to read.
   *
   * @param labels that its series get
   */
  record Target(URI url, Map<String, String> labels) {
    Target {
      labels = Map.copyOf(labels);
    }
  }

  private final Duration timeout;
  private final InstantSource clock;
  private final HttpClient client;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<Target, Scraped> known = new ConcurrentHashMap<>();

  ExporterScrapes(Duration timeout, InstantSource clock) {
    this.timeout = timeout;
    this.clock = clock;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            // a redirect could lead where nobody allowed
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /** A view of some servers, read now. */
  MetricSource of(List<Target> targets, String told) {
    return new MetricSource() {
      @Override
      public String told() {
        return told;
      }

      @Override
      public List<Series> samples(List<Selector> selectors, Instant from, Instant to) {
        return read(targets, told).stream()
            .flatMap(scraped -> scraped.series(selectors, from, to).stream())
            .toList();
      }
    };
  }

  private List<Scraped> read(List<Target> targets, String told) {
    if (targets.isEmpty()) {
      throw new Unavailable(told + ": there is no ready replica to read");
    }
    Instant now = clock.instant();
    known.values().removeIf(scraped -> scraped.unaskedSince(now.minus(KEPT_UNASKED)));
    List<Scraped> all = new ArrayList<>();
    List<Future<?>> under = new ArrayList<>();
    for (Target target : targets) {
      Scraped scraped = known.computeIfAbsent(target, t -> new Scraped(t.labels()));
      all.add(scraped);
      if (scraped.due(now, FRESH)) {
        under.add(threads.submit(() -> scrape(target, scraped)));
      }
    }
    for (Future<?> one : under) {
      try {
        one.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Unavailable(told + ": not read to the end", e);
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
    List<String> failures = all.stream().map(Scraped::failure).filter(f -> !f.isEmpty()).toList();
    if (failures.size() == all.size()) {
      throw new Unavailable(told + ": " + failures.getFirst());
    }
    return all;
  }

  private void scrape(Target target, Scraped into) {
    HttpRequest request =
        HttpRequest.newBuilder(target.url())
            .timeout(timeout)
            .header("accept", "text/plain;version=0.0.4")
            .build();
    try {
      HttpResponse<byte[]> response = client.send(request, r -> new BoundedBody(LONGEST_ANSWER));
      if (response.statusCode() != 200) {
        into.failed(target.url() + " answered " + response.statusCode());
        return;
      }
      into.add(
          clock.instant(), Exposition.parse(new String(response.body(), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      String message = e.getMessage();
      into.failed(target.url() + ": " + (message == null ? e.getClass().getSimpleName() : message));
    } catch (IllegalArgumentException e) {
      into.failed(target.url() + " publishes what is no metrics: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      into.failed(target.url() + " was not read to the end");
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    client.shutdownNow();
  }
}
