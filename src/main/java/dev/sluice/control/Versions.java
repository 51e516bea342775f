package dev.sluice.control;

import dev.sluice.model.ModelVersion;
import dev.sluice.model.Rejected;
import dev.sluice.model.VersionName;
import dev.sluice.store.ReleaseStore;
import dev.sluice.store.Stored;
import java.util.Map;
import java.util.Optional;
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
    return find(name).orElseThrow(() -> new Rejected("no version '" + name + "' is registered"));
  }

  /** Empty where no such version is registered. */
  Optional<ModelVersion> find(VersionName name) {
    ModelVersion version = known.get(name);
    if (version != null) {
      return Optional.of(version);
    }
    Optional<ModelVersion> stored = store.version(name).map(Stored::value);
    stored.ifPresent(found -> known.put(name, found));
    return stored;
  }
}
