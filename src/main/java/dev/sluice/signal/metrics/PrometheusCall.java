package dev.sluice.signal.metrics;

import dev.sluice.model.Unavailable;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One call of a Prometheus' HTTP API. */
@FunctionalInterface
interface PrometheusCall {
  /**
   * @param source its name
   * @param path as {@code /api/v1/query}
   * @param form parameters
   * @throws Unavailable if there is no answer, or one of a server in trouble
   */
  Reply post(String source, String path, Map<String, String> form);

  /**
   * @param body JSON, of a success or of a refusal
   * @param date what the other side's clock said; null if it didn't
   */
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  record Reply(int status, byte[] body, @Nullable Instant date) {}
}
