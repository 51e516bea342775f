package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class ViewsTest {
  private static JsonNode gates() throws JsonProcessingException {
    return new ObjectMapper()
        .readTree(
            """
            [{"stage":"canary","gate":"latency","verdict":"fail","why":"It is slow.","samples":412,
              "towardsFail":1,"towardsPass":0,"statistics":{"pairs":"412"},"source":"router",
              "at":"2026-03-01T12:00:00Z",
              "effect":{"of":"time","scale":"ratio","estimate":1.28,"low":1.21,"high":1.36,
                        "coverage":0.95,"sentence":"time: 1.28 times stable's"}},
             {"stage":"canary","gate":"readiness","verdict":"pass","why":"It is ready.","samples":1,
              "towardsFail":null,"towardsPass":null,"statistics":{},"source":"probe",
              "at":"2026-03-01T12:00:00Z","effect":null}]
            """);
  }

  @Test
  void aGateThatComparesTellsByHowMuchBelowItsSentence() throws JsonProcessingException {
    assertThat(Views.gates(gates()).lines()).hasSize(6).element(2).isEqualTo("    It is slow.");
    assertThat(Views.gates(gates()).lines()).element(3).isEqualTo("    time: 1.28 times stable's");
    assertThat(Views.gates(gates()).lines()).element(5).isEqualTo("    It is ready.");
  }

  @Test
  void evidenceTellsTheEffectOfThoseThatHaveOne() throws JsonProcessingException {
    assertThat(Views.evidence(gates()))
        .contains("    effect: time: 1.28 times stable's\n")
        .containsOnlyOnce("effect");
  }
}
