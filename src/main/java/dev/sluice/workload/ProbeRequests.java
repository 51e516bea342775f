package dev.sluice.workload;

import dev.sluice.model.ModelService;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where probes get the golden request of a service from. */
@FunctionalInterface
public interface ProbeRequests {
  /** No service has one: probes make do with what the protocol itself offers. */
  ProbeRequests NONE = service -> Optional.empty();

  /** What to ask servers of {@code service}; empty where its owner gave nothing. */
  Optional<ProbeRequest> of(ModelService service);

  /**
   * One request with a known answer.
   *
   * @param body JSON text, sent as it is (for OpenAI with the version's name as {@code model})
   * @param answer JSON text that must stand at the service's {@code traffic.answer} pointer; null:
   *     any well-formed answer will do
   */
  record ProbeRequest(String body, @Nullable String answer) {}
}
