package dev.sluice.workload;

import dev.sluice.model.ModelService;
import java.util.List;

/** Where probes get the golden requests of a service from. */
@FunctionalInterface
public interface ProbeRequests {
  /** No service has any: probes make do with what the protocol itself offers. */
  ProbeRequests NONE = service -> List.of();

  /** What may be asked of servers of {@code service}; empty where its owner gave nothing. */
  List<ProbeRequest> of(ModelService service);

  /**
   * One request whose right answer is known.
   *
   * @param path where it is posted, relative to a server
   * @param body JSON text, sent as it is (for OpenAI with the version's name as {@code model})
   * @param pointer JSON Pointer (RFC 6901) to the part of the answer that tells
   * @param answer what stands there in a right answer, as text
   */
  record ProbeRequest(String path, String body, String pointer, String answer) {}
}
