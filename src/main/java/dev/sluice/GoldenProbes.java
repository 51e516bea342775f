package dev.sluice;

import dev.sluice.intake.catalog.Catalog;
import dev.sluice.model.ModelService;
import dev.sluice.model.Pipeline;
import dev.sluice.model.Stage;
import dev.sluice.signal.GoldenSet;
import dev.sluice.signal.score.Exact;
import dev.sluice.signal.score.Label;
import dev.sluice.workload.ProbeRequests;
import jakarta.inject.Provider;
import java.util.List;
import java.util.stream.Stream;

/**
 * What probes may ask the servers of a service: the golden set of the synthetic stage of its own
 * pipeline, as far as text can be compared with text. What needs more than that to be judged is for
 * the gates.
 *
 * @param catalog looked up when asked: it is read with the kinds of gates, some of which ask for
 *     workloads, and workloads need probes
 */
record GoldenProbes(Provider<Catalog> catalog) implements ProbeRequests {
  @Override
  public List<ProbeRequest> of(ModelService service) {
    String pointer = service.traffic().answer();
    if (pointer == null) {
      return List.of(); // nobody knows where in an answer the result stands
    }
    Catalog found = catalog.get();
    return found.pipeline(service.pipeline()).stream()
        .map(Pipeline::stages)
        .flatMap(List::stream)
        .filter(Stage.Synthetic.class::isInstance)
        .map(Stage.Synthetic.class::cast)
        .flatMap(stage -> found.goldenSet(stage.golden()).stream())
        .flatMap(set -> requests(set, pointer))
        .toList();
  }

  private static Stream<ProbeRequest> requests(GoldenSet set, String pointer) {
    if (!(set.scorer() instanceof Exact || set.scorer() instanceof Label)) {
      return Stream.of();
    }
    return set.items().stream()
        .filter(item -> item.labels().size() == 1)
        .map(
            item ->
                new ProbeRequest(
                    set.path(), item.request(), pointer, item.labels().getFirst().strip()));
  }
}
