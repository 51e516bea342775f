package dev.sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A release whose controller is killed at some moment and started again: the same in the end. */
final class Restart {
  private Restart() {}

  static void at(Moment moment, Path directory) throws Exception {
    try (Site site = new Site(directory)) {
      site.serve();
      site.register();
      site.awaitHealthy();
      String id = site.submit();
      site.sendUsers(id);
      if (moment == Moment.ROLLING_BACK) {
        JsonNode unused = site.await("users are on the candidate", id, Moment.CANARY::isIn);
        site.killServers("v1");
        site.rollBack(id);
      }
      JsonNode seen = site.await("it is in " + moment, id, moment::isIn);
      Map<String, Long> before = site.samples(id);
      List<Long> stable = site.servers("v1");
      List<Long> candidate = site.servers("v2");

      site.killController();

      assertThat(site.servers("v2")).as("model servers run on").isEqualTo(candidate).hasSize(1);
      site.serve();
      Map<String, Long> after = site.samples(id);
      assertThat(after)
          .as("what was known then")
          .containsKeys(before.keySet().toArray(String[]::new));
      before.forEach(
          (gate, samples) -> assertThat(after.get(gate)).as(gate).isGreaterThanOrEqualTo(samples));
      assertThat(site.release(id).path("since").asText())
          .isGreaterThanOrEqualTo(seen.path("since").asText());
      site.awaitHealthy();
      site.sendUsers(id);
      JsonNode last = site.await("it ends", id, view -> view.path("outcome").isTextual());

      assertThat(last.path("outcome").asText())
          .as("%s; users: %s", last, site.met().firstError())
          .isEqualTo(moment.outcome());
      site.awaitHealthy();
      assertThat(site.shares().properties())
          .singleElement()
          .satisfies(share -> assertThat(share.getKey()).isEqualTo(moment.serving()));
      if (moment != Moment.ROLLING_BACK) {
        assertThat(site.servers("v1")).as("stable was adopted").isEqualTo(stable).hasSize(1);
        assertThat(site.servers("v2")).as("the candidate was adopted").isEqualTo(candidate);
      } else {
        assertThat(site.servers("v1")).as("stable is back, once").hasSize(1);
      }
      assertThat(site.knowsAnswers()).as("golden answers to ask for again").isTrue();
      assertThat(site.met().errors()).as(site.met().firstError()).isZero();
      assertThat(site.end()).as("what is left").isEmpty();
    }
  }
}
