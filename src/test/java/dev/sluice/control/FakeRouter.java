package dev.sluice.control;

import dev.sluice.model.PortException;
import dev.sluice.model.Rejected;
import dev.sluice.model.ServiceName;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.VersionName;
import dev.sluice.traffic.TrafficRouter;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A data plane that remembers every split it carried and refuses what an old claim wants. */
class FakeRouter implements TrafficRouter {
  private @Nullable TrafficSplit split;
  private long fence;
  Map<VersionName, List<URI>> endpoints = Map.of();
  @Nullable VersionName standby;
  @Nullable PortException onWrite;
  @Nullable PortException onRead;
  final List<TrafficSplit> carried = new ArrayList<>();
  final Map<VersionName, Integer> inFlight = new HashMap<>();

  /** As after a restart of a data plane that keeps nothing. */
  void forgetEverything() {
    split = null;
    fence = 0;
  }

  /** As if someone had edited it by hand. */
  void edit(TrafficSplit other) {
    split = other;
  }

  @Override
  public String word() {
    return "fake";
  }

  @Override
  public void apply(Wanted wanted) {
    failIf(onWrite);
    requireFence(wanted.fence());
    wanted
        .split()
        .shares()
        .keySet()
        .forEach(
            v -> {
              if (wanted.endpoints().getOrDefault(v, List.of()).isEmpty()) {
                throw new AssertionError("law 4: " + v + " has traffic and no ready endpoint");
              }
            });
    if (!wanted.split().equals(split)) {
      carried.add(wanted.split());
    }
    split = wanted.split();
    standby = wanted.standby();
    endpoints = wanted.endpoints();
  }

  private static void failIf(@Nullable PortException trouble) {
    if (trouble != null) {
      throw trouble;
    }
  }

  private void requireFence(long newFence) {
    if (newFence < fence) {
      throw new Rejected("fence " + newFence + " is older than " + fence);
    }
    fence = newFence;
  }

  @Override
  public Optional<TrafficSplit> readBack(ServiceName service) {
    failIf(onRead);
    return Optional.ofNullable(split);
  }

  @Override
  public int inFlight(ServiceName service, VersionName version) {
    return inFlight.getOrDefault(version, 0);
  }

  @Override
  public void remove(ServiceName service, long newFence) {
    failIf(onWrite);
    requireFence(newFence);
    split = null;
  }
}
