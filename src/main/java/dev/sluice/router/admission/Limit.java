package dev.sluice.router.admission;

import java.util.Locale;

/** What a request was turned away by. */
public enum Limit {
  /** Its version has all it can carry, and there is no place to wait. */
  CONCURRENCY,
  /** It waited as long as a request may. */
  QUEUE_WAIT,
  TENANT_REQUESTS,
  TENANT_TOKENS,
  REQUEST_BYTES,
  INPUT_TOKENS,
  OUTPUT_TOKENS,
  /** It asked for a lane that there isn't. */
  LANE;

  /** {@code concurrency}, {@code queue-wait}, {@code tenant-requests} … */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
