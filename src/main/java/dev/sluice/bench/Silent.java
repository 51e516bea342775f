package dev.sluice.bench;

import dev.sluice.model.Capacity;
import dev.sluice.model.ModelService;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import dev.sluice.model.WorkloadStatus;
import dev.sluice.signal.GoldenSet;
import dev.sluice.signal.GoldenSignals;
import dev.sluice.signal.WorkloadSignals;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** The platform of a bench that simulates traffic alone: it has nothing to say. */
final class Silent implements WorkloadSignals, GoldenSignals {
  private static Unavailable silent() {
    return new Unavailable("the bench simulates traffic alone");
  }

  @Override
  public WorkloadStatus status(ServiceName service, VersionName version) {
    throw silent();
  }

  @Override
  public List<Check> checks(ServiceName service, VersionName version) {
    throw silent();
  }

  @Override
  public List<Memory> memory(ServiceName service, VersionName version) {
    throw silent();
  }

  @Override
  public Capacity capacity(ModelService service) {
    throw silent();
  }

  @Override
  public Map<String, String> zones(ServiceName service, VersionName version) {
    throw silent();
  }

  @Override
  public List<URI> endpoints(ServiceName service, VersionName version) {
    throw silent();
  }

  @Override
  public Run run(ReleaseId release, ModelService service, VersionName version, String golden) {
    throw silent();
  }

  @Override
  public Answer ask(URI endpoint, ModelService service, String path, String body) {
    throw silent();
  }

  @Override
  public GoldenSet set(String golden) {
    throw silent();
  }
}
