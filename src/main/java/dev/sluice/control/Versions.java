package dev.sluice.control;

import dev.sluice.model.ModelVersion;
import dev.sluice.model.Rejected;
import dev.sluice.model.VersionName;
import dev.sluice.store.ReleaseStore;
import dev.sluice.store.Stored;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Versions never change, so each is read from its source once. */
final class Versions {
  private final Function<VersionName, Optional<ModelVersion>> source;
  private final Map<VersionName, ModelVersion> known = new ConcurrentHashMap<>();

  Versions(ReleaseStore store) {
    this(name -> store.version(name).map(Stored::value));
  }

  Versions(Function<VersionName, Optional<ModelVersion>> source) {
    this.source = source;
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
    Optional<ModelVersion> stored = source.apply(name);
    stored.ifPresent(found -> known.put(name, found));
    return stored;
  }
}
