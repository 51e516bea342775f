package dev.sluice.signal.metrics;

import java.util.Locale;

/** What a metric measures, whatever its name. */
public enum Quantity {
  LATENCY("a histogram of seconds to the whole answer, named without _bucket"),
  FIRST_TOKEN("a histogram of seconds to the first token, named without _bucket"),
  PER_TOKEN(
      "a histogram of seconds for a token of output, one count for each answer, named without _bucket"),
  REQUESTS("a counter of all requests"),
  GOOD("a counter of requests that went well, where nothing counts all"),
  BAD("a counter of requests that did not go well"),
  ANSWERED("a counter of requests that were worked on to the end"),
  WAITING("requests that wait, now"),
  MEMORY_USED("device memory in use, bytes"),
  MEMORY_CAPACITY("device memory there is, bytes"),
  MEMORY_USED_MIB("device memory in use, MiB"),
  MEMORY_FREE_MIB("device memory not in use, MiB"),
  HOST_MEMORY("resident memory of the server process, bytes"),
  KV_CACHE("share of the key-value cache in use, 0 to 1"),
  PREEMPTIONS("a counter of requests thrown out of the cache to make room for others"),
  START_TIME("when the server process started, seconds since 1970"),
  RESTARTS("a counter of restarts, or of kills for want of memory");

  private final String meaning;

  Quantity(String meaning) {
    this.meaning = meaning;
  }

  /** For someone who looks for the metric. */
  public String meaning() {
    return meaning;
  }

  /** As files write it: {@code kvCache}. */
  public String key() {
    StringBuilder key = new StringBuilder();
    for (String word : name().split("_", -1)) {
      String lower = word.toLowerCase(Locale.ROOT);
      key.append(
          key.isEmpty() ? lower : Character.toUpperCase(lower.charAt(0)) + lower.substring(1));
    }
    return key.toString();
  }
}
