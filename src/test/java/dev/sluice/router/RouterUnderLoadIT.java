package dev.sluice.router;

import static dev.sluice.router.RouterWorld.CANDIDATE;
import static dev.sluice.router.RouterWorld.DIGITS;
import static dev.sluice.router.RouterWorld.STABLE;
import static dev.sluice.router.RouterWorld.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Outcome;
import dev.sluice.model.Share;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.VersionName;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RouterUnderLoadIT {
  private static final int REQUESTS = 20_000;
  private static final int CHANGES = 200;

  @Test
  void twoHundredSplitChangesLoseAndDoubleNothing() throws Exception {
    try (RouterWorld world = new RouterWorld(RouterWorld.options().onEventLoops(2))) {
      Set<String> ids = ConcurrentHashMap.newKeySet();
      AtomicInteger arrived = new AtomicInteger();
      world
          .upstream(STABLE, request -> answer(request, ids, arrived))
          .upstream(CANDIDATE, request -> answer(request, ids, arrived))
          .split(TrafficSplit.allOn(STABLE));
      Load load = new Load(world.vertx, world.router.port(), 32, REQUESTS);
      for (int change = 1; change <= CHANGES; change++) {
        int due = change * REQUESTS / CHANGES - REQUESTS / CHANGES / 2;
        eventually(() -> load.answered.get() >= due);
        world.fence(change).split(split(change));
      }
      load.await();
      assertThat(load.failed.get()).isZero();
      assertThat(load.answered.get()).isEqualTo(REQUESTS);
      assertThat(arrived.get()).isEqualTo(REQUESTS);
      assertThat(ids).hasSize(REQUESTS);
      eventually(() -> world.seen().exchanges(0, REQUESTS + 1).items().size() == REQUESTS);
      assertThat(world.seen().exchanges(0, REQUESTS + 1).items())
          .allMatch(e -> e.outcome() == Outcome.OK && !e.rescued() && !e.userError());
      assertThat(world.router.inFlight(DIGITS, STABLE)).isZero();
      assertThat(world.router.inFlight(DIGITS, CANDIDATE)).isZero();
    }
  }

  @Test
  void versionThatShowsNobodyUnderWayAfterItLeftTheRouteGetsNobodyMore() throws Exception {
    try (RouterWorld world = new RouterWorld(RouterWorld.options().onEventLoops(2))) {
      AtomicLong late = new AtomicLong();
      Set<VersionName> stopped = ConcurrentHashMap.newKeySet();
      world
          .upstream(STABLE, request -> guarded(request, STABLE, stopped, late))
          .upstream(CANDIDATE, request -> guarded(request, CANDIDATE, stopped, late))
          .split(TrafficSplit.allOn(STABLE));
      Load load = new Load(world.vertx, world.router.port(), 16, 5_000);
      for (int i = 0; !load.isDone(); i++) {
        VersionName on = i % 2 == 0 ? CANDIDATE : STABLE;
        VersionName off = i % 2 == 0 ? STABLE : CANDIDATE;
        stopped.remove(on);
        world.split(TrafficSplit.allOn(on));
        eventually(() -> world.router.inFlight(DIGITS, off) == 0);
        stopped.add(off);
      }
      load.await();
      assertThat(late.get()).isZero();
      assertThat(load.failed.get()).isZero();
    }
  }

  private static TrafficSplit split(int change) {
    return switch (change % 4) {
      case 0 -> TrafficSplit.allOn(STABLE);
      case 1 -> TrafficSplit.between(STABLE, CANDIDATE, Share.percent(1));
      case 2 -> TrafficSplit.between(STABLE, CANDIDATE, Share.percent(50));
      default -> TrafficSplit.allOn(CANDIDATE);
    };
  }

  private static void guarded(
      HttpServerRequest request, VersionName self, Set<VersionName> stopped, AtomicLong late) {
    if (stopped.contains(self)) {
      late.incrementAndGet();
    }
    request.body().onSuccess(body -> json(request));
  }

  private static void answer(HttpServerRequest request, Set<String> ids, AtomicInteger arrived) {
    arrived.incrementAndGet();
    ids.add(String.valueOf(request.getHeader("x-request-id")));
    request.body().onSuccess(body -> json(request));
  }

  private static void json(HttpServerRequest request) {
    request
        .response()
        .putHeader("content-type", "application/json")
        .end("{\"outputs\":[{\"data\":[7]}]}");
  }
}
