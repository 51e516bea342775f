package dev.sluice.traffic;

import dev.sluice.model.ModelService;
import dev.sluice.model.Rejected;
import dev.sluice.model.ServiceName;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Brings user traffic to versions, through whatever data plane the service names. */
public interface TrafficRouter {
  /** The word a service's {@code traffic.router} names it by. */
  String word();

  /**
   * Makes the data plane carry exactly this. Repeating it changes nothing.
   *
   * @throws Unavailable if the data plane can't be reached
   * @throws Rejected if a newer fence was there, or the data plane refuses the route
   */
  void apply(Wanted wanted);

  /** What the data plane carries now; empty if it has no route of the service. */
  Optional<TrafficSplit> readBack(ServiceName service);

  /** Requests under way to a version, users' and copies. */
  int inFlight(ServiceName service, VersionName version);

  /** Takes the service's route away. */
  void remove(ServiceName service, long fence);

  /**
   * All there is to say about a service's traffic.
   *
   * @param endpoints where each version of the split, and the mirror, answers; each has at least
   *     one (law 4)
   * @param standby asked where none of the split has an answer, if {@code endpoints} knows it and
   *     the data plane can; it has no share of its own. Null: nobody is
   * @param responseSchema JSON Schema text that the service's answers keep; null: any JSON
   * @param fence of the claim that wants it
   */
  record Wanted(
      ModelService service,
      TrafficSplit split,
      Map<VersionName, List<URI>> endpoints,
      @Nullable VersionName standby,
      @Nullable String responseSchema,
      long fence) {
    public Wanted {
      endpoints = Map.copyOf(endpoints);
      for (VersionName version : split.shares().keySet()) {
        if (endpoints.getOrDefault(version, List.of()).isEmpty()) {
          throw new IllegalArgumentException("version " + version + " has no ready endpoint");
        }
      }
    }
  }
}
