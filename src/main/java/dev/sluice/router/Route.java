package dev.sluice.router;

import dev.sluice.model.ModelService.TrafficPolicy;
import dev.sluice.model.ServiceName;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.VersionName;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the router does with one model service: the whole of it, absolute, immutable.
 *
 * @param split who gets which share of the user requests, and of the copies
 * @param endpoints where the versions are ready, as {@code http://127.0.0.1:9001}; a path is put
 *     before the caller's. A version without endpoints gets nothing
 * @param standby asked where no version of the split has an answer, if it has endpoints; null:
 *     nobody is
 * @param responseSchema JSON Schema (2020-12 unless it names another dialect) that answers to POST
 *     requests must keep; null: they only have to be JSON where they say so
 * @param fence of the writer; one with a lower fence is refused from now on
 */
public record Route(
    ServiceName service,
    TrafficSplit split,
    Map<VersionName, List<URI>> endpoints,
    @Nullable VersionName standby,
    TrafficPolicy policy,
    @Nullable String responseSchema,
    long fence) {
  public Route {
    Map<VersionName, List<URI>> copy = new LinkedHashMap<>();
    endpoints.forEach(
        (version, uris) -> {
          uris.forEach(Route::requireHttp);
          copy.put(version, Collections.unmodifiableList(new ArrayList<>(uris)));
        });
    endpoints = Collections.unmodifiableMap(copy);
  }

  private static void requireHttp(URI uri) {
    boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!http || uri.getHost() == null || uri.getQuery() != null || uri.getFragment() != null) {
      throw new IllegalArgumentException(
          "an endpoint must look like http://127.0.0.1:9001 or https://host/path, was '"
              + uri
              + "'");
    }
  }
}
