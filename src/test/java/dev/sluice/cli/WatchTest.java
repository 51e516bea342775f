package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Following a release through outages of the controller, on a clock that only pauses move. */
class WatchTest {
  private static final String POLL = "GET /api/v1/releases/r1?wait=20s";
  private static final String RUNNING = "{\"id\":\"r1\",\"phase\":\"observing\"}";
  private static final String ENDED = "{\"id\":\"r1\",\"outcome\":\"succeeded\"}";

  private final FakeServer server = new FakeServer();
  private final List<String> told = new ArrayList<>();
  private final List<Duration> pauses = new ArrayList<>();
  private final List<JsonNode> looks = new ArrayList<>();
  private final Ticking clock = new Ticking();

  private static final class Ticking extends Clock {
    private Instant now = Instant.parse("2026-01-01T12:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private JsonNode follow(Duration timeout, Duration patience) throws JsonProcessingException {
    Watch.Patience borne =
        new Watch.Patience(
            patience,
            told::add,
            time -> {
              pauses.add(time);
              clock.now = clock.now.plus(time);
            });
    return new Watch(new Api(server.url(), null), clock, borne)
        .follow(Api.JSON.readTree(RUNNING), timeout, false, looks::add);
  }

  @ParameterizedTest
  @ValueSource(ints = {502, 503, 504})
  void asksAgainEverySecondAndSaysSoOnce(int status) throws Exception {
    server.says(POLL, status, "").says(POLL, status, "").says(POLL, 200, RUNNING);
    server.says(POLL, status, "").says(POLL, 200, ENDED);

    JsonNode last = follow(Duration.ofMinutes(30), Duration.ofMinutes(5));

    assertThat(last.path("outcome").asText()).isEqualTo("succeeded");
    assertThat(looks).hasSize(3);
    assertThat(pauses).hasSize(3).allMatch(Duration.ofSeconds(1)::equals);
    // two outages
    assertThat(told)
        .hasSize(2)
        .allMatch(line -> line.contains("" + status) && line.contains("asking again"));
  }

  @Test
  void timeThatIsUpDuringAnOutageLeavesTheLastView() throws Exception {
    server.close();

    JsonNode last = follow(Duration.ofMillis(2_500), Duration.ofMinutes(5));

    assertThat(last.path("phase").asText()).isEqualTo("observing");
    assertThat(pauses)
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMillis(500));
    assertThat(told).singleElement().asString().startsWith("no answer from http://127.0.0.1:");
  }

  @Test
  void outageThatLastsLongerThanPatienceIsAnError() {
    server.close();

    assertThatThrownBy(() -> follow(Duration.ofDays(1), Duration.ofMinutes(5)))
        .isInstanceOf(Unreachable.class);

    assertThat(pauses).hasSize(300);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 500})
  void whatWillNotPassIsAnErrorAtOnce(int status) {
    server.says(POLL, status, "");

    assertThatThrownBy(() -> follow(Duration.ofMinutes(30), Duration.ofMinutes(5)))
        .isInstanceOf(Refused.class);

    assertThat(pauses).isEmpty();
    assertThat(told).isEmpty();
  }

  @Test
  void withoutPatienceAnOutageIsAnErrorAtOnce() {
    server.close();

    assertThatThrownBy(() -> follow(Duration.ofMinutes(30), Duration.ZERO))
        .isInstanceOf(Unreachable.class);

    assertThat(told).isEmpty();
  }
}
