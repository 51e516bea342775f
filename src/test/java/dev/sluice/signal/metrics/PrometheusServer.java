package dev.sluice.signal.metrics;

import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A real Prometheus on loopback, as Debian packages it, that scrapes what a test tells it to each
 * second. It can be stopped and comes back where it was, with what it knew.
 */
public final class PrometheusServer implements AutoCloseable {
  private static final Path BINARY = Path.of("/usr/bin/prometheus");

  private final Path home;
  private final int port;
  private @Nullable Process process;

  public PrometheusServer(Path home) throws IOException {
    Assumptions.assumeTrue(
        Files.isExecutable(BINARY),
        "no Prometheus at " + BINARY + ": install the package 'prometheus' to run this test");
    this.home = Files.createDirectories(home);
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = free.getLocalPort();
    }
    Files.writeString(
        home.resolve("prometheus.yml"),
        """
        global: {scrape_interval: 1s, scrape_timeout: 1s}
        scrape_configs:
        - job_name: models
          file_sd_configs: [{files: [targets.json], refresh_interval: 1s}]
        """);
    scrape(Map.of());
    start();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Sees to it that the replicas of each version are scraped, under their version's name. */
  public void scrape(Map<String, List<URI>> versions) {
    String targets =
        versions.entrySet().stream()
            .filter(e -> !e.getValue().isEmpty())
            .map(
                e ->
                    "{\"labels\": {\"version\": \"%s\"}, \"targets\": [%s]}"
                        .formatted(
                            e.getKey(),
                            e.getValue().stream()
                                .map(uri -> "\"" + uri.getAuthority() + "\"")
                                .collect(Collectors.joining(", "))))
            .collect(Collectors.joining(", ", "[", "]"));
    try {
      Path fresh = Files.writeString(home.resolve("targets.new"), targets);
      Files.move(fresh, home.resolve("targets.json"), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void start() throws IOException {
    process =
        new ProcessBuilder(
                BINARY.toString(),
                "--config.file=prometheus.yml",
                "--storage.tsdb.path=data",
                "--web.listen-address=127.0.0.1:" + port)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("log").toFile()))
            .start();
    try (HttpClient http = HttpClient.newHttpClient()) {
      long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (!isReady(http)) {
        if (System.nanoTime() > deadline || !process.isAlive()) {
          throw new IOException(
              "Prometheus doesn't start: " + Files.readString(home.resolve("log")));
        }
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      }
    }
  }

  private boolean isReady(HttpClient http) {
    try {
      return http.send(
                  HttpRequest.newBuilder(url().resolve("/-/ready")).build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Asks it to stop and waits until it did. */
  public void stop() throws InterruptedException {
    Process running = process;
    if (running != null) {
      running.destroy();
      if (!running.waitFor(30, TimeUnit.SECONDS)) {
        running.destroyForcibly().waitFor();
      }
      process = null;
    }
  }

  @Override
  public void close() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
    }
  }

  /** It as the source {@code main} of the metrics of a controller. */
  public MetricSignals signals() {
    SignalConfig config =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .addDiscoveredConverters()
            .withDefaultValues(Map.of("sluice.signal.prometheus.main.url", url().toString()))
            .withMapping(SignalConfig.class)
            .build()
            .getConfigMapping(SignalConfig.class);
    return new MetricSources(config, new PrometheusHttp(config, new NoTls()), Clock.systemUTC());
  }

  /** No TLS configuration at all. */
  static final class NoTls implements TlsConfigurationRegistry {
    @Override
    public Optional<TlsConfiguration> get(String name) {
      return Optional.empty();
    }

    @Override
    public Optional<TlsConfiguration> getDefault() {
      return Optional.empty();
    }

    @Override
    public void register(String name, @Nullable TlsConfiguration configuration) {
      throw new UnsupportedOperationException("a test registers none");
    }
  }
}
