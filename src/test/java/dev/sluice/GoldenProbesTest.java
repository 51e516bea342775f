package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.intake.TestGates;
import dev.sluice.intake.catalog.Catalog;
import dev.sluice.model.FallbackLadder;
import dev.sluice.model.ModelService;
import dev.sluice.model.Protocol;
import dev.sluice.model.ServiceName;
import dev.sluice.workload.ProbeRequests.ProbeRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GoldenProbesTest {
  private static final Path FILES = Path.of("src/test/resources/intake/catalog");
  private static final String INFER = "/v2/models/digits/infer";

  private final GoldenProbes probes =
      new GoldenProbes(
          () ->
              Catalog.load(
                  FILES.resolve("pipelines"), FILES.resolve("gates"), TestGates.KINDS, Set.of()));

  private static ModelService service(String pipeline, @Nullable String pointer) {
    return new ModelService(
        new ServiceName("digits"),
        Map.of(),
        Protocol.KSERVE_V2,
        null,
        pipeline,
        new ModelService.Slo(0.999, Duration.ofDays(30), Map.of()),
        new ModelService.Placement("process", 1, List.of("server")),
        new ModelService.TrafficPolicy("sluice", null, List.of(), Duration.ofSeconds(2), pointer),
        new ModelService.Warm(Duration.ofHours(1), Duration.ofSeconds(5)),
        new FallbackLadder(List.of()));
  }

  @Test
  void goldenSetOfThePipelineOfTheServiceIsAsked() {
    assertThat(probes.of(service("full", "/outputs/0/data/0")))
        .containsExactly(
            new ProbeRequest(INFER, "{\"inputs\":[0.0,1.50]}", "/outputs/0/data/0", "7"),
            new ProbeRequest(INFER, "{\"inputs\":[]}", "/outputs/0/data/0", "3"));
  }

  @Test
  void nothingIsAskedWhereNoAnswerCanBeReadOrNoPipelineIsKnown() {
    assertThat(probes.of(service("full", null))).isEmpty();
    assertThat(probes.of(service("unknown", "/outputs/0/data/0"))).isEmpty();
  }
}
