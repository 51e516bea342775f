package dev.sluice.workload.kube;

import dev.sluice.workload.Probe;
import java.time.InstantSource;

/**
 * What every replica of one {@link KubeWorkloads} shares.
 *
 * @param changed to be run when a replica became ready, stopped being so, or died
 */
record Around(
    KubeOptions options, Probe probe, Writes writes, InstantSource clock, Runnable changed) {}
