package dev.sluice.telemetry;

import dev.sluice.model.FallbackLadder;
import dev.sluice.model.ModelService;
import dev.sluice.model.Protocol;
import dev.sluice.model.ServiceName;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A watch over the service {@code digits}, what it exposes, and a clock that tests move. */
abstract class Watched {
  static final ServiceName DIGITS = new ServiceName("digits");
  static final VersionName V1 = new VersionName("v1");
  static final VersionName V2 = new VersionName("v2");
  static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  Instant now = NOON;
  private final PrometheusRegistry registry = new PrometheusRegistry();
  final ServingWatch watch = new ServingWatch(registry, () -> now);

  /** What Prometheus would read. */
  String scrape() {
    return scraped(registry);
  }

  /** The samples of a metric, as {@code labels value}; of several, where they begin alike. */
  List<String> samples(String metric) {
    return samples(registry, metric);
  }

  static List<String> samples(PrometheusRegistry registry, String metric) {
    return scraped(registry)
        .lines()
        .filter(line -> line.startsWith(metric))
        .map(line -> line.replaceFirst("^\\w+\\{", "").replaceFirst("} ", " "))
        .toList();
  }

  private static String scraped(PrometheusRegistry registry) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(out, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  static WorkloadStatus ready(VersionName version) {
    return new WorkloadStatus(version, 1, 1, null, null, NOON.minusSeconds(2), "ready");
  }

  static WorkloadStatus loading(VersionName version) {
    return new WorkloadStatus(version, 1, 0, null, null, null, "loading");
  }

  static ModelService service() {
    return new ModelService(
        DIGITS,
        Map.of(),
        Protocol.KSERVE_V2,
        V1,
        "p",
        new ModelService.Slo(0.999, Duration.ofDays(30), Map.of()),
        new ModelService.Placement("process", 1, List.of("server")),
        new ModelService.TrafficPolicy("sluice", null, List.of(), Duration.ofSeconds(1), null),
        new ModelService.Warm(Duration.ofHours(1), Duration.ofSeconds(30)),
        FallbackLadder.NONE);
  }
}
