package dev.sluice.router.admission;

import dev.sluice.model.AdmissionPolicy.Rate;
import dev.sluice.model.AdmissionPolicy.Tenant;
import dev.sluice.model.AdmissionPolicy.Tenants;
import dev.sluice.model.Lane;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What each tenant of a service may still send: token buckets, one for each declared rate, so that
 * there are as many as were declared, whatever names callers make up. Safe for any thread.
 */
public final class TenantRates {
  private static final String OTHERS = "others";

  private final Tenants declared;
  private final Map<String, Account> named = new HashMap<>();
  private final Account others;

  /**
   * Full buckets.
   *
   * @param nanoTime the clock they refill by
   */
  public TenantRates(Tenants declared, LongSupplier nanoTime) {
    this.declared = declared;
    declared
        .named()
        .forEach((name, tenant) -> named.put(name, new Account(name, tenant, nanoTime)));
    others = new Account(OTHERS, declared.others(), nanoTime);
  }

  /** This one if the same is declared: what was used up stays used up. */
  public TenantRates changedTo(Tenants newly, LongSupplier nanoTime) {
    return newly.equals(declared) ? this : new TenantRates(newly, nanoTime);
  }

  /**
   * Whose account a request goes on.
   *
   * @param name as the request says; null if it doesn't
   */
  public Account of(@Nullable String name) {
    Account own = name == null ? null : named.get(name);
    return own == null ? others : own;
  }

  /** One tenant's account. */
  public static final class Account {
    private final String name;
    private final Tenant declared;
    private final @Nullable Bucket requests;
    private final @Nullable Bucket tokens;

    private Account(String name, Tenant declared, LongSupplier nanoTime) {
      this.name = name;
      this.declared = declared;
      this.requests = bucket(declared.requests(), nanoTime);
      this.tokens = bucket(declared.tokens(), nanoTime);
    }

    private static @Nullable Bucket bucket(@Nullable Rate rate, LongSupplier nanoTime) {
      return rate == null
          ? null
          : Bucket.builder()
              .addLimit(
                  limit -> limit.capacity(rate.amount()).refillGreedy(rate.amount(), rate.per()))
              .withCustomTimePrecision(new Meter(nanoTime))
              .build();
    }

    /** Charges one request; null: it is within the rate. */
    public @Nullable Shed request(Lane lane) {
      return charge(requests, 1, Limit.TENANT_REQUESTS, lane, declared.requests());
    }

    /** Charges tokens before they are used; null: they are within the rate. */
    public @Nullable Shed tokens(long count, Lane lane) {
      return charge(tokens, count, Limit.TENANT_TOKENS, lane, declared.tokens());
    }

    private @Nullable Shed charge(
        @Nullable Bucket bucket, long count, Limit limit, Lane lane, @Nullable Rate rate) {
      if (bucket == null || rate == null || count == 0) {
        return null;
      }
      // what is more than a full bucket is let through by a full one, and owed
      ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(Math.min(count, rate.amount()));
      if (probe.isConsumed()) {
        owe(bucket, count - rate.amount());
        return null;
      }
      return Shed.tooMany(
          limit,
          lane,
          "tenant "
              + name
              + " has used up its "
              + rate.amount()
              + (limit == Limit.TENANT_TOKENS ? " tokens in " : " requests in ")
              + rate.per().toString().substring(2).toLowerCase(Locale.ROOT),
          probe.getNanosToWaitForRefill());
    }

    /**
     * Puts right what was charged for output before it was known.
     *
     * @param more tokens used beyond what was charged; below zero: so many were not used
     */
    public void settle(long more) {
      if (tokens != null && more > 0) {
        owe(tokens, more);
      } else if (tokens != null && more < 0) {
        tokens.addTokens(-more);
      }
    }

    private static void owe(Bucket bucket, long count) {
      if (count > 0) {
        bucket.consumeIgnoringRateLimits(count);
      }
    }

    /** What was declared of it. */
    Tenant tenant() {
      return declared;
    }

    /** Whether requests have to be read for it. */
    public boolean countsTokens() {
      return tokens != null;
    }
  }

  /** The router's own clock, which tests move. */
  private record Meter(LongSupplier nanoTime) implements TimeMeter {
    @Override
    public long currentTimeNanos() {
      return nanoTime.getAsLong();
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }
  }
}
