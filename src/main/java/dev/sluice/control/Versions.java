package dev.sluice.control;

import dev.sluice.model.ModelVersion;
import dev.sluice.model.Rejected;
import dev.sluice.model.VersionName;
import dev.sluice.store.ReleaseStore;
import dev.sluice.store.Stored;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Versions never change, so each is read from the store once. */
final class Versions {
  private final ReleaseStore store;
  private final Map<VersionName, ModelVersion> known = new ConcurrentHashMap<>();

  Versions(ReleaseStore store) {
    this.store = store;
  }

  /** {@link Rejected} where no such version is registered. */
  ModelVersion of(VersionName name) {
    ModelVersion version = known.get(name);
    if (version == null) {
      version =
          store
              .version(name)
              .map(Stored::value)
              .orElseThrow(() -> new Rejected("no version '" + name + "' is registered"));
      known.put(name, version);
    }
    return version;
  }
}
