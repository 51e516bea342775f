package dev.sluice.router.balance;

import dev.sluice.model.BalancePolicy;
import dev.sluice.model.Share;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Spreads the requests of one version over its replicas, for all event loops: of two that are drawn
 * by chance, to the one with fewer requests under way (Mitzenmacher, <i>The power of two choices in
 * randomized load balancing</i>, 2001). One that has just become ready counts as busier than it is,
 * one that fails time after time is left out for a while, and comes back on probation.
 */
public final class Balancer {
  /** What came of a request, as far as it tells of the replica. */
  public enum End {
    SOUND,
    FAILED,
    /** The caller left, or it was never sent. */
    UNKNOWN
  }

  /** The least that a replica in its slow start gets, of what it would get otherwise. */
  private static final double LEAST_WEIGHT = 0.1;

  private static final int LONGEST_EJECTION = 8;

  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final RetryBudget budget = new RetryBudget();
  private final Map<URI, Replica> replicas = new LinkedHashMap<>();
  private BalancePolicy policy = BalancePolicy.PLAIN;

  /** Over no replica. */
  public Balancer(LongSupplier nanoTime, RandomGenerator random) {
    this.nanoTime = nanoTime;
    this.random = random;
  }

  /** Takes the replicas that there are now; those that stay keep what is known of them. */
  public synchronized void bound(List<URI> endpoints, BalancePolicy newPolicy) {
    policy = newPolicy;
    budget.share(newPolicy.retries().fraction());
    // the first replicas of a version are all as cold as each other: there is nobody to spare them
    boolean first = replicas.isEmpty();
    replicas.keySet().retainAll(endpoints);
    long now = nanoTime.getAsLong();
    for (URI endpoint : endpoints) {
      replicas.computeIfAbsent(endpoint, uri -> new Replica(uri, now, first));
    }
  }

  /** A request for one of the replicas; null if there is none. */
  public synchronized @Nullable Sent send() {
    budget.request();
    return sendTo(choices(null));
  }

  /**
   * Once more, to another replica than {@code failed} if there is one; null if the budget of
   * retries is used up, or there is no replica.
   */
  public synchronized @Nullable Sent retry(URI failed) {
    List<Replica> choices = choices(failed);
    return choices.isEmpty() || !budget.retry() ? null : sendTo(choices);
  }

  private @Nullable Sent sendTo(List<Replica> choices) {
    if (choices.isEmpty()) {
      return null;
    }
    Replica chosen = choices.get(random.nextInt(choices.size()));
    if (choices.size() > 1) {
      choices.remove(chosen);
      Replica other = choices.get(random.nextInt(choices.size()));
      chosen = load(other) < load(chosen) ? other : chosen;
    }
    chosen.underWay++;
    return new Sent(chosen);
  }

  /** Those that may be asked; if all are left out, all may: they can't be worse than nobody. */
  private List<Replica> choices(@Nullable URI failed) {
    long now = nanoTime.getAsLong();
    List<Replica> others = new ArrayList<>(replicas.values());
    if (others.size() > 1) {
      others.removeIf(replica -> replica.uri.equals(failed));
    }
    List<Replica> sound = new ArrayList<>(others);
    sound.removeIf(replica -> replica.isEjected(now));
    return sound.isEmpty() ? others : sound;
  }

  private double load(Replica replica) {
    return (replica.underWay + 1) / weight(replica);
  }

  private double weight(Replica replica) {
    long ramp = policy.slowStart().toNanos();
    long age = nanoTime.getAsLong() - replica.since;
    return replica.warm || age >= ramp ? 1 : Math.max(LEAST_WEIGHT, (double) age / ramp);
  }

  private void ended(Replica replica, End end) {
    replica.underWay--;
    switch (end) {
      case SOUND -> {
        replica.failures = 0;
        replica.ejections = 0;
      }
      case FAILED -> {
        replica.failures++;
        ejectIfDue(replica);
      }
      case UNKNOWN -> {}
    }
  }

  private void ejectIfDue(Replica replica) {
    BalancePolicy.Ejection ejection = policy.ejection();
    long now = nanoTime.getAsLong();
    // back from being left out, one more failure is enough
    int enough = ejection == null || replica.ejections > 0 ? 1 : ejection.failures();
    if (ejection == null || replica.isEjected(now) || replica.failures < enough) {
      return;
    }
    long out = replicas.values().stream().filter(other -> other.isEjected(now)).count();
    if ((out + 1) * Share.WHOLE > (long) ejection.most().basisPoints() * replicas.size()) {
      return;
    }
    replica.ejections = Math.min(LONGEST_EJECTION, replica.ejections + 1);
    replica.ejectedAt = now;
    replica.ejectedFor = ejection.time().toNanos() * replica.ejections;
    replica.failures = 0;
  }

  /** How many replicas are left out now. */
  public synchronized int ejected() {
    long now = nanoTime.getAsLong();
    return (int) replicas.values().stream().filter(replica -> replica.isEjected(now)).count();
  }

  private static final class Replica {
    private final URI uri;
    private final long since;
    private final boolean warm;
    private int underWay;
    private int failures;
    private int ejections;
    private long ejectedAt;
    private long ejectedFor;

    Replica(URI uri, long since, boolean warm) {
      this.uri = uri;
      this.since = since;
      this.warm = warm;
    }

    boolean isEjected(long now) {
      return now - ejectedAt < ejectedFor;
    }
  }

  /** A request under way to a replica. */
  public final class Sent {
    private final Replica replica;
    private boolean over;

    private Sent(Replica replica) {
      this.replica = replica;
    }

    public URI endpoint() {
      return replica.uri;
    }

    /** It has ended; only the first time counts. */
    public void ended(End end) {
      synchronized (Balancer.this) {
        if (!over) {
          over = true;
          Balancer.this.ended(replica, end);
        }
      }
    }
  }
}
