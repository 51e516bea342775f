package dev.sluice.model;

/**
 * What a platform has for all replicas of a service together, whether it is in use or not.
 *
 * @param hostBytes memory of the machine that they share; 0 where they share none, or nobody can
 *     tell
 * @param gpus devices; 0 where there is none
 * @param gpuBytes memory of one device; 0 where there is none, or nobody can tell
 */
public record Capacity(long hostBytes, int gpus, long gpuBytes) {
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
  }
}
