package dev.sluice.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a platform has for all replicas of a service together, whether it is in use or not.
 *
 * @param hostBytes memory of the machine, or of the machines together, that they share; 0 where
 *     they share none, or nobody can tell
 * @param gpus devices; 0 where there is none
 * @param gpuBytes memory of one device, the smallest where they differ; 0 where there is none, or
 *     nobody can tell
 * @param gpusByZone devices in each zone that replicas must be spread over evenly; empty where they
 *     need not be
 */
public record Capacity(
    long hostBytes, int gpus, long gpuBytes, SortedMap<String, Integer> gpusByZone) {
  public Capacity {
    if (hostBytes < 0 || gpus < 0 || gpuBytes < 0) {
      throw new IllegalArgumentException(
          "capacity must not be negative, was "
              + hostBytes
              + " bytes of host memory and "
              + gpus
              + " GPUs of "
              + gpuBytes
              + " bytes");
    }
    gpusByZone = Collections.unmodifiableSortedMap(new TreeMap<>(gpusByZone));
  }

  /** Of a platform without zones. */
  public Capacity(long hostBytes, int gpus, long gpuBytes) {
    this(hostBytes, gpus, gpuBytes, new TreeMap<>());
  }
}
