package dev.sluice.signal.metrics;

import dev.sluice.model.ServiceName;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import dev.sluice.signal.WorkloadSignals;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Metrics from where the settings say. */
@Singleton
public final class MetricSources implements MetricSignals {
  private final Map<String, Prometheus> prometheus = new TreeMap<>();
  private final Set<Integer> ports;
  private final ExporterScrapes scrapes;

  /**
   * @throws IllegalArgumentException if an address is none that can be asked
   */
  MetricSources(SignalConfig config, PrometheusCall call, Clock clock) {
    config
        .prometheus()
        .forEach(
            (name, source) -> {
              checkUrl(name, source.url());
              prometheus.put(name, new PrometheusApi(name, call, source.maxClockSkew(), clock));
            });
    this.ports = new TreeSet<>(config.exporterPorts());
    this.scrapes = new ExporterScrapes(config.exporterTimeout(), clock);
  }

  private static void checkUrl(String name, URI url) {
    boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!web || url.getHost() == null || url.getUserInfo() != null || url.getQuery() != null) {
      throw new IllegalArgumentException(
          ("sluice.signal.prometheus.%s.url must be http or https with a host, without user, password"
                  + " or query, was %s")
              .formatted(name, url.getUserInfo() == null ? url : "one with a user in it"));
    }
  }

  @Override
  public Set<String> names() {
    return prometheus.keySet();
  }

  @Override
  public Set<Integer> exporterPorts() {
    return ports;
  }

  @Override
  public Prometheus prometheus(String name) {
    Prometheus found = prometheus.get(name);
    if (found == null) {
      throw new Unavailable("no sluice.signal.prometheus." + name + ".url is set");
    }
    return found;
  }

  @Override
  public MetricSource exporters(
      WorkloadSignals workload,
      ServiceName service,
      Collection<VersionName> versions,
      Exporter exporter) {
    if (exporter.port() != 0 && !ports.contains(exporter.port())) {
      throw new Unavailable(
          "port %s is not among sluice.signal.exporter-ports".formatted(exporter.port()));
    }
    List<ExporterScrapes.Target> targets = new ArrayList<>();
    for (VersionName version : versions) {
      for (URI endpoint : workload.endpoints(service, version)) {
        URI url = at(endpoint, exporter);
        targets.add(
            new ExporterScrapes.Target(
                url,
                Map.of(
                    "service", service.value(),
                    "version", version.value(),
                    "instance", url.getHost() + ":" + url.getPort())));
      }
    }
    return scrapes.of(targets, "the replicas' own " + exporter.path());
  }

  private static URI at(URI endpoint, Exporter exporter) {
    int port = exporter.port() == 0 ? endpoint.getPort() : exporter.port();
    return URI.create(
        endpoint.getScheme()
            + "://"
            + endpoint.getHost()
            + (port < 0 ? "" : ":" + port)
            + exporter.path());
  }

  @PreDestroy
  void close() {
    scrapes.close();
  }
}
