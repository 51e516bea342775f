package dev.sluice.workload;

import dev.sluice.model.ModelVersion.Warmup;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether one running process may serve, from what its probes find: loading, then warm-up
 * inferences, then ready, proven again at intervals; two failed proofs in a row take it out until a
 * probe passes whole. Not for use by several threads.
 */
public final class Readiness {
  private static final int PROOFS_TO_FAIL = 2;
  private static final int WARMUPS_AT_ONCE = 8;

  private enum State {
    LOADING,
    WARMING,
    READY,
    UNPROVEN
  }

  private final boolean warm;
  private final Duration retry;
  private final Duration warmupLimit;

  private State state = State.LOADING;
  private String detail;
  private int warmups;
  private int failures;
  private @Nullable Instant warmingSince;
  private @Nullable Instant readySince;
  private @Nullable Instant lastProof;
  private @Nullable ProbeResult lastProbe;

  /**
   * @param warm whether it was warmed up before, by an earlier controller
   * @param retry pause before the next probe of one that isn't ready or failed its last proof
   * @param warmupLimit the most time that warm-up may take
   */
  public Readiness(boolean warm, Duration retry, Duration warmupLimit) {
    this.warm = warm;
    this.retry = retry;
    this.warmupLimit = warmupLimit;
    this.detail = warm ? "adopted" : "loading";
  }

  /** Takes in what a probe found; returns how long to wait before the next. */
  public Duration weigh(ProbeResult result, Warmup warmup, Duration proveEvery) {
    lastProbe = result;
    if (result.proven()) {
      lastProof = result.at();
    }
    Duration soon = retry.compareTo(proveEvery) < 0 ? retry : proveEvery;
    return switch (state) {
      case LOADING -> {
        if (!result.ok()) {
          detail = "loading: " + result.summary();
          yield soon;
        }
        warmups = 0;
        warmingSince = result.at();
        yield warm(result, warmup, proveEvery);
      }
      case WARMING -> {
        if (!result.ok()) {
          state = State.LOADING;
          detail = "loading: " + result.summary();
          yield soon;
        }
        warmups += Math.max(1, result.inferences());
        yield warm(result, warmup, proveEvery);
      }
      case READY -> {
        failures = result.failed() ? failures + 1 : 0;
        if (failures >= PROOFS_TO_FAIL) {
          state = State.UNPROVEN;
          readySince = null;
        }
        detail = failures == 0 ? "ready" : "proof failed: " + result.summary();
        yield failures == 0 ? proveEvery : soon;
      }
      case UNPROVEN -> {
        if (!result.ok()) {
          detail = "not ready: " + result.summary();
          yield soon;
        }
        yield ready(result, proveEvery);
      }
    };
  }

  /** How many probes should be under way at a time: warm-up asks as much as users will. */
  public int abreast(Warmup warmup) {
    return state == State.WARMING ? Math.clamp(warmup.requests() - warmups, 1, WARMUPS_AT_ONCE) : 1;
  }

  public boolean isReady() {
    return state == State.READY;
  }

  /** One phrase for people. */
  public String detail() {
    return detail;
  }

  /** Null while it isn't ready. */
  public @Nullable Instant readySince() {
    return readySince;
  }

  public @Nullable Instant lastProof() {
    return lastProof;
  }

  public @Nullable ProbeResult lastProbe() {
    return lastProbe;
  }

  private Duration warm(ProbeResult result, Warmup warmup, Duration proveEvery) {
    boolean late = warmingSince != null && warmingSince.plus(warmupLimit).isBefore(result.at());
    if (warm || late || warmups >= warmup.requests()) {
      return ready(result, proveEvery);
    }
    state = State.WARMING;
    detail = "warming up: " + warmups + " of " + warmup.requests();
    return Duration.ZERO;
  }

  private Duration ready(ProbeResult result, Duration proveEvery) {
    state = State.READY;
    detail = "ready";
    failures = 0;
    readySince = result.at();
    return proveEvery;
  }
}
