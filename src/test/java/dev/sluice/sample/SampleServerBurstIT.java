package dev.sluice.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.model.FallbackLadder;
import dev.sluice.model.ModelService;
import dev.sluice.model.Outcome;
import dev.sluice.model.Protocol;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.VersionName;
import dev.sluice.sample.training.Digit;
import dev.sluice.signal.GoldenRuns;
import dev.sluice.signal.GoldenSet;
import dev.sluice.signal.GoldenSignals.Answer;
import dev.sluice.signal.LoadBursts;
import dev.sluice.signal.LoadSignals.Burst;
import dev.sluice.signal.LoadSignals.Plan;
import dev.sluice.signal.ReadyReplicas;
import dev.sluice.signal.score.Exact;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The burst of the load-shedding gate at the real server, with a bounded queue and without. */
@Timeout(120)
class SampleServerBurstIT {
  private static final GoldenSet SET =
      new GoldenSet(
          "digits",
          "/v2/models/digits/infer",
          List.of(new GoldenSet.Item(Calls.body(Digit.part("traffic").getFirst()), "0")),
          "sha256:0",
          new Exact());

  /** 32 requests at a server with one slot of 100 ms, each given up after 2 s. */
  private static Burst burst(String... flags) throws Exception {
    try (SampleServer server = server(flags);
        GoldenRuns golden =
            new GoldenRuns(
                name -> Optional.of(SET),
                new ReadyReplicas(List::of),
                (judge, question) -> {
                  throw new AssertionError("nobody is to judge");
                });
        LoadBursts bursts =
            new LoadBursts(
                golden,
                new ReadyReplicas(
                    () -> List.of(URI.create("http://127.0.0.1:" + server.port()))))) {
      return await()
          .atMost(60, TimeUnit.SECONDS)
          .until(
              () ->
                  bursts.burst(
                      new ReleaseId(new UUID(0, 1)),
                      service(),
                      new VersionName("v1"),
                      new Plan("digits", 32, Duration.ofSeconds(20))),
              Burst::over);
    }
  }

  private static SampleServer server(String... flags) throws Exception {
    String[] all = {
      "--model",
      SampleServerIT.MODEL,
      "--service-time",
      "100ms",
      "--concurrency",
      "1",
      flags[0],
      flags[1]
    };
    return SampleServerCommand.start(all);
  }

  private static ModelService service() {
    return new ModelService(
        new ServiceName("digits"),
        Map.of(),
        Protocol.KSERVE_V2,
        null,
        "classifier",
        new ModelService.Slo(.99, Duration.ofDays(1), Map.of()),
        new ModelService.Placement("process", 1, List.of("server")),
        new ModelService.TrafficPolicy("sluice", null, List.of(), Duration.ofSeconds(2), null),
        new ModelService.Warm(Duration.ofHours(1), Duration.ofSeconds(10)),
        FallbackLadder.NONE);
  }

  @Test
  void boundedQueueRefusesTheRestAndServesAgain() throws Exception {
    Burst burst = burst("--queue", "4");
    assertThat(burst.answers()).hasSize(32).extracting(Answer::status).containsOnly(200, 429);
    assertThat(burst.answers().stream().filter(answer -> answer.status() == 200))
        .hasSizeGreaterThanOrEqualTo(5);
    assertThat(burst.recovered()).isNotNull();
  }

  @Test
  void queueWithoutBoundsLosesThoseAtItsEnd() throws Exception {
    Burst burst = burst("--queue", "10000");
    assertThat(burst.answers()).extracting(Answer::status).doesNotContain(429);
    assertThat(burst.answers()).extracting(Answer::outcome).contains(Outcome.TIMEOUT);
  }
}
