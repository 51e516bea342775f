package dev.sluice.model;

import java.util.Locale;

/** What callers speak with a model service. */
public enum Protocol {
  OPENAI,
  KSERVE_V2,
  HTTP_JSON;

  /** {@code openai}, {@code kserve-v2} or {@code http-json}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
