package dev.sluice.store;

import static dev.sluice.store.Samples.ALICE;
import static dev.sluice.store.Samples.LEASE;
import static dev.sluice.store.Samples.T0;
import static dev.sluice.store.Samples.moved;
import static dev.sluice.store.Samples.observing;
import static dev.sluice.store.Samples.release;
import static dev.sluice.store.Samples.service;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.Phase;
import dev.sluice.model.RecordedLook;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.Why;
import dev.sluice.store.ReleaseStore.StoredRecording;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a release's gates were given is kept with what they said of it, for a while. */
@QuarkusTest
@TestProfile(StoreAlone.class)
@QuarkusTestResource(PostgresTestResource.class)
class RecordingRowsIT {
  @Inject ReleaseStore store;
  @Inject DataSource database;

  private final Release release = release("digits", "v2");

  @BeforeEach
  void submitted() {
    PostgresTestResource.wipe(database);
    store.putService(service("digits"), "{}", Precondition.ANY, ALICE, T0);
    store.submit(release, false, null, T0);
  }

  private Claim claim(Instant now) {
    return store.claimDue(now, LEASE).orElseThrow();
  }

  private void commit(Claim claim, @Nullable String opening, String look, Phase phase) {
    store.commit(
        claim,
        moved(claim, phase, Duration.ZERO),
        Map.of(),
        new RecordedLook(opening, look.getBytes(UTF_8)),
        phase.since());
  }

  private String looks() {
    return new String(store.recording(release.id()).orElseThrow().looks(), UTF_8);
  }

  @Test
  void looksAreReadInTheirOrderPackedOrNot() throws SQLException {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 150; i++) {
      Instant now = T0.plusSeconds(i);
      Claim claim = claim(now);
      assertThat(claim.recordedBytes()).isEqualTo(all.length());
      commit(claim, i == 0 ? "{\"began\":1}" : null, "look %s;".formatted(i), observing(now));
      all.append("look %s;".formatted(i));
    }

    StoredRecording recording = store.recording(release.id()).orElseThrow();

    assertThat(recording.opening()).isEqualTo("{\"began\":1}");
    assertThat(looks()).isEqualTo(all.toString());
    assertThat(rows()).isEqualTo(2 + 150 % 64);
  }

  @Test
  void atItsEndAllIsPacked() throws SQLException {
    commit(claim(T0), "{}", "first;", observing(T0));
    Instant end = T0.plusSeconds(1);
    Why why = new Why(Why.Cause.GATE, "errors", "too many");
    commit(
        claim(end),
        null,
        "last;",
        new Phase.RollingBack(why, new Phase.Point(1, 0), true, null, end));

    assertThat(looks()).isEqualTo("first;last;");
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void whatIsNotCommittedIsNotRecorded() {
    Claim stale = claim(T0);
    commit(claim(T0.plus(LEASE)), "{}", "first;", observing(T0.plus(LEASE)));

    assertThatThrownBy(() -> commit(stale, null, "never;", observing(T0)))
        .isInstanceOf(Conflict.class);

    assertThat(looks()).isEqualTo("first;");
  }

  @Test
  void ofWhatIsNotRecordedThereIsNothing() {
    assertThat(store.recording(release.id())).isEmpty();
    assertThat(store.recording(new ReleaseId(UUID.randomUUID()))).isEmpty();
    assertThat(claim(T0).recordedBytes()).isZero();
  }

  @Test
  void recordingsAreKeptForNinetyDays() throws SQLException {
    commit(claim(T0), "{}", "look;", observing(T0));

    store.prune(T0.plus(Duration.ofDays(90)));
    assertThat(looks()).isEqualTo("look;");

    store.prune(T0.plus(Duration.ofDays(90)).plusSeconds(1));
    assertThat(store.recording(release.id())).isEmpty();
    assertThat(rows()).isZero();

    // one that is still under way goes on without
    Instant later = T0.plus(Duration.ofDays(91));
    commit(claim(later), null, "late;", observing(later));
    assertThat(store.recording(release.id())).isEmpty();
  }

  private long rows() throws SQLException {
    try (Connection connection = database.getConnection();
        ResultSet rows =
            connection.createStatement().executeQuery("SELECT count(*) FROM recording_part")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
