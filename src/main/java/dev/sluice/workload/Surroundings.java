package dev.sluice.workload;

import java.time.Clock;

/**
 * What every replica of one {@link ProcessWorkloads} shares.
 *
 * @param changed to be run when a replica became ready, stopped being so, or died
 */
record Surroundings(
    ProcessOptions options,
    Launcher launcher,
    Artifacts artifacts,
    Probe probe,
    HostChecks host,
    Clock clock,
    Runnable changed) {}
