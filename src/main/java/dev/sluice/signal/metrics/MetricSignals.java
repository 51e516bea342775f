package dev.sluice.signal.metrics;

import dev.sluice.model.ServiceName;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import dev.sluice.signal.WorkloadSignals;
import java.util.Collection;
import java.util.Set;

/** Where gates read metrics of model servers and their devices. */
public interface MetricSignals {
  /** Where none are set up. */
  MetricSignals NONE =
      new MetricSignals() {
        @Override
        public Set<String> names() {
          return Set.of();
        }

        @Override
        public Set<Integer> exporterPorts() {
          return Set.of();
        }

        @Override
        public Prometheus prometheus(String name) {
          throw new Unavailable("no sluice.signal.prometheus." + name + ".url is set");
        }

        @Override
        public MetricSource exporters(
            WorkloadSignals workload,
            ServiceName service,
            Collection<VersionName> versions,
            Exporter exporter) {
          throw new Unavailable("no metrics are read off replicas here");
        }
      };

  /** The names of the Prometheuses that can be asked. */
  Set<String> names();

  /** The ports beside a replica's own that metrics may be read from. */
  Set<Integer> exporterPorts();

  /**
   * The Prometheus of that name.
   *
   * @throws Unavailable if none is set up
   */
  Prometheus prometheus(String name);

  /**
   * What the replicas of some versions publish themselves. Each series gets labels that name its
   * service, its version and its {@code instance}; labels of its own that are called the same come
   * as {@code exported_…}, as with Prometheus. What was published before the controller started, or
   * before anybody asked, is not known.
   *
   * @param workload tells where the replicas are
   */
  MetricSource exporters(
      WorkloadSignals workload,
      ServiceName service,
      Collection<VersionName> versions,
      Exporter exporter);

  /**
   * Where a replica's host publishes metrics.
   *
   * @param port 0: the replica's own
   * @param path as {@code /metrics}
   */
  record Exporter(int port, String path) {
    public static final Exporter OWN = new Exporter(0, "/metrics");
  }
}
