package dev.sluice.signal;

import dev.sluice.signal.metrics.MetricSignals;

/** Everything a gate can read. */
public record Signals(
    TrafficSignals traffic,
    WorkloadSignals workload,
    GoldenSignals golden,
    LabelSignals labels,
    MetricSignals metrics) {}
