package dev.sluice.signal;

import dev.sluice.model.ReleaseId;
import dev.sluice.model.Unavailable;
import java.util.Collection;
import java.util.Map;

/** True labels of user requests, posted after they were answered. May throw {@link Unavailable}. */
public interface LabelSignals {
  /** The labels known so far for these requests, by request id. */
  Map<String, String> labels(ReleaseId release, Collection<String> requests);
}
