package dev.sluice.router;

import dev.sluice.model.ServiceName;
import dev.sluice.model.VersionName;
import dev.sluice.router.admission.VersionGate;
import dev.sluice.router.balance.Balancer;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One service inside the router: its plan now, its fence, what was seen of it. */
final class Room {
  /** A request counted in: the plan it goes by and the version it goes to. */
  record Entry(
      Plan plan, VersionName version, VersionTally tally, VersionGate gate, Balancer balancer) {
    void leave() {
      tally.inFlight.decrementAndGet();
    }
  }

  private final ServiceName service;
  private final Recorder recorder;
  private final AtomicReference<@Nullable Plan> plan = new AtomicReference<>();
  private final Map<VersionName, VersionGate> gates = new ConcurrentHashMap<>();
  private final Map<VersionName, Balancer> balancers = new ConcurrentHashMap<>();
  private final long seed;
  private long fence = Long.MIN_VALUE;

  Room(ServiceName service, Recorder recorder, long seed) {
    this.service = service;
    this.recorder = recorder;
    this.seed = seed;
  }

  Recorder recorder() {
    return recorder;
  }

  @Nullable Plan plan() {
    return plan.get();
  }

  Optional<Route> active() {
    return Optional.ofNullable(plan.get()).map(Plan::route);
  }

  synchronized void apply(Route route) {
    guard(route.fence());
    Plan next = new Plan(route, plan.get());
    fence = route.fence();
    route.endpoints().forEach((v, uris) -> gate(v).bound(route.policy().admission(), uris.size()));
    route.endpoints().forEach((v, uris) -> balancer(v).bound(uris, route.policy().balance()));
    plan.set(next);
    Set<VersionName> routed = new HashSet<>(route.endpoints().keySet());
    routed.addAll(route.split().shares().keySet());
    recorder.forgetAllBut(routed);
    balancers.keySet().retainAll(routed);
    gates.entrySet().removeIf(e -> !routed.contains(e.getKey()) && e.getValue().isIdle());
  }

  synchronized void remove(long byFence) {
    guard(byFence);
    fence = byFence;
    plan.set(null);
  }

  /** The way in to a version, the same for as long as it is routed. */
  private VersionGate gate(VersionName version) {
    return gates.computeIfAbsent(version, v -> new VersionGate(System::nanoTime));
  }

  private Balancer balancer(VersionName version) {
    return balancers.computeIfAbsent(
        version, v -> new Balancer(System::nanoTime, new SplittableRandom(seed)));
  }

  /** How crowded each routed version is. */
  Map<VersionName, VersionGate.Crowd> crowds() {
    Map<VersionName, VersionGate.Crowd> crowds = new TreeMap<>();
    gates.forEach((version, gate) -> crowds.put(version, gate.crowd()));
    return crowds;
  }

  /** How many replicas of each routed version are left out now. */
  Map<VersionName, Integer> ejected() {
    Map<VersionName, Integer> ejected = new TreeMap<>();
    balancers.forEach((version, balancer) -> ejected.put(version, balancer.ejected()));
    return ejected;
  }

  private void guard(long offered) {
    if (offered < fence) {
      throw new Fenced(service, offered, fence);
    }
  }

  /**
   * Counts a request in at the version {@code choice} makes of the plan. Whoever changed the plan
   * and then finds nobody under way on a version may stop it: so the plan is looked at again after
   * counting.
   *
   * @return null if there is no plan or no choice
   */
  @Nullable Entry enter(Function<Plan, @Nullable VersionName> choice) {
    while (true) {
      Plan now = plan.get();
      VersionName version = now == null ? null : choice.apply(now);
      if (now == null || version == null) {
        return null;
      }
      VersionTally tally = recorder.tally(version);
      tally.inFlight.incrementAndGet();
      if (plan.get() == now) {
        return new Entry(now, version, tally, gate(version), balancer(version));
      }
      tally.inFlight.decrementAndGet();
    }
  }
}
