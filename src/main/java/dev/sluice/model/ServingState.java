package dev.sluice.model;

import java.util.Locale;

/** What users of a model service are on right now. */
public enum ServingState {
  HEALTHY,
  DEGRADED_PRIMARY,
  DEGRADED_FALLBACK,
  PROVIDER_CIRCUIT_OPEN,
  MODEL_WARMING,
  CANARY_PAUSED,
  ROLLBACK_ACTIVE,
  FEATURE_DISABLED;

  /** The hyphenated lower-case word of 1-domain. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
