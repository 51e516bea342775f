package dev.sluice.signal;

/** Everything a gate can read. */
public record Signals(
    TrafficSignals traffic, WorkloadSignals workload, GoldenSignals golden, LabelSignals labels) {}
