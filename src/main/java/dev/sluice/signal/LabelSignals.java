package dev.sluice.signal;

import dev.sluice.model.Measurement;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.Unavailable;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * True labels and judges' scores of user requests, posted after they were answered. May throw
 * {@link Unavailable}.
 */
public interface LabelSignals {
  /** What is known so far of these requests, by request id; label and score in one. */
  Map<String, Measurement> measurements(ReleaseId release, Collection<String> requests);

  /** The labels known so far for these requests, by request id. */
  default Map<String, String> labels(ReleaseId release, Collection<String> requests) {
    Map<String, String> labels = new HashMap<>();
    measurements(release, requests)
        .forEach(
            (request, known) -> {
              if (known.label() != null) {
                labels.put(request, known.label());
              }
            });
    return labels;
  }
}
