package dev.sluice.traffic;

import dev.sluice.model.Rejected;
import dev.sluice.model.ServiceName;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.VersionName;
import dev.sluice.router.Fenced;
import dev.sluice.router.Route;
import dev.sluice.router.Router;
import java.util.Optional;

/** Sluice's own router, in the controller's process. */
public final class SluiceRouter implements TrafficRouter {
  private final Router router;

  public SluiceRouter(Router router) {
    this.router = router;
  }

  @Override
  public String word() {
    return "sluice";
  }

  @Override
  public void apply(Wanted wanted) {
    try {
      router.apply(
          new Route(
              wanted.service().name(),
              wanted.split(),
              wanted.endpoints(),
              wanted.standby(),
              wanted.service().traffic(),
              wanted.responseSchema(),
              wanted.fence()));
    } catch (Fenced | IllegalArgumentException e) {
      throw new Rejected(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public Optional<TrafficSplit> readBack(ServiceName service) {
    return router.active(service).map(Route::split);
  }

  @Override
  public int inFlight(ServiceName service, VersionName version) {
    return router.inFlight(service, version);
  }

  @Override
  public void remove(ServiceName service, long fence) {
    try {
      router.remove(service, fence);
    } catch (Fenced e) {
      throw new Rejected(String.valueOf(e.getMessage()), e);
    }
  }
}
