package dev.sluice.store;

import static dev.sluice.store.Samples.ALICE;
import static dev.sluice.store.Samples.LEASE;
import static dev.sluice.store.Samples.T0;
import static dev.sluice.store.Samples.moved;
import static dev.sluice.store.Samples.release;
import static dev.sluice.store.Samples.service;
import static dev.sluice.store.Samples.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.Intent;
import dev.sluice.model.Phase;
import dev.sluice.model.Release;
import dev.sluice.model.Why;
import dev.sluice.store.Tokens.Role;
import dev.sluice.store.Tokens.Token;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(StoreAlone.class)
@QuarkusTestResource(PostgresTestResource.class)
class AuditTrailIT {
  @Inject ReleaseStore store;
  @Inject Tokens tokens;
  @Inject AuditTrail audit;
  @Inject DataSource database;

  @BeforeEach
  void empty() {
    PostgresTestResource.wipe(database);
  }

  private void sql(String... statements) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  private void fiveTokens() {
    for (int i = 1; i <= 5; i++) {
      tokens.add(new Token("t" + i, Role.VIEWER, T0.plus(Duration.ofDays(i))), "sha-" + i, ALICE);
    }
  }

  @Test
  void everyMutationLeavesItsRow() {
    store.putService(service("digits"), "{}", Precondition.ANY, ALICE, T0);
    store.putVersion(version("v2", "sha256:aa"), "{}", ALICE, T0);
    Release release = release("digits", "v2");
    store.submit(release, false, null, T0);
    store.intend(release.id(), Intent.Kind.ABORT, "bob", "wrong one", T0);
    Claim claim = store.claimDue(T0, LEASE).orElseThrow();
    Why why = new Why(Why.Cause.OPERATOR, "bob", "wrong one");
    store.commit(
        claim, moved(claim, new Phase.Rejected(why, null, null, T0, T0), LEASE), Map.of(), T0);
    tokens.add(new Token("ci", Role.RELEASER, T0), "sha", ALICE);
    tokens.revoke("ci", ALICE, T0);
    store.deleteService(release.service(), Precondition.ANY, ALICE, T0);

    List<AuditTrail.Entry> entries = audit.entries(0, 100);
    assertThat(entries)
        .extracting(AuditTrail.Entry::action)
        .containsExactly(
            "service.put",
            "version.put",
            "release.submit",
            "intent.abort",
            "release.rejected",
            "token.add",
            "token.revoke",
            "service.delete");
    assertThat(entries.get(3).actor()).isEqualTo("bob");
    assertThat(entries.get(4).detail()).isEqualTo("from submitted: bob: wrong one");
    assertThat(entries).extracting(AuditTrail.Entry::sequence).startsWith(1L, 2L, 3L);
    assertThat(audit.verify()).isEmpty();
  }

  @Test
  void theTableRefusesToBeChanged() {
    fiveTokens();
    assertThatThrownBy(() -> sql("UPDATE audit SET actor = 'mallory' WHERE sequence = 3"))
        .hasMessageContaining("append only");
    assertThatThrownBy(() -> sql("DELETE FROM audit WHERE sequence = 3"))
        .hasMessageContaining("append only");
    assertThat(audit.verify()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UPDATE audit SET actor = 'mallory' WHERE sequence = 3 | audit row 3 was changed",
        "DELETE FROM audit WHERE sequence = 3 | audit row 3 is gone",
        "DELETE FROM audit WHERE sequence <= 2"
            + " | audit rows 1 to 2 are gone, and no row says that they were pruned",
        "UPDATE audit SET digest = repeat('0', 64) WHERE sequence = 2 | audit row 2 was changed",
        "UPDATE audit SET previous = repeat('1', 64) WHERE sequence = 4"
            + " | audit row 4 does not follow the row before it"
      })
  void tamperingPastTheTriggerShows(String tampering, String found) throws SQLException {
    fiveTokens();
    sql(
        "ALTER TABLE audit DISABLE TRIGGER audit_append_only",
        tampering,
        "ALTER TABLE audit ENABLE TRIGGER audit_append_only");
    assertThat(audit.verify()).contains(found);
  }

  @Test
  void prunedRowsAreAccountedForByTheChain() {
    fiveTokens();
    String head = audit.head();
    // days 1 and 2 are more than 400 days old, day 3 is not
    store.prune(T0.plus(Duration.ofDays(403)));
    assertThat(audit.entries(0, 10)).extracting(AuditTrail.Entry::sequence).startsWith(3L);
    assertThat(audit.head()).isNotEqualTo(head);
    assertThat(audit.verify()).isEmpty();
  }

  @Test
  void aTokenIsKnownByItsDigestUntilItIsRevoked() {
    Token token = new Token("ci", Role.RELEASER, T0);
    tokens.add(token, "sha-1", ALICE);
    assertThat(tokens.find("sha-1")).contains(token);
    assertThat(tokens.find("sha-2")).isEmpty();
    assertThatThrownBy(() -> tokens.add(token, "sha-2", ALICE))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("'ci'");
    assertThat(tokens.all()).containsExactly(token);

    assertThat(tokens.revoke("ci", ALICE, T0)).isTrue();
    assertThat(tokens.revoke("ci", ALICE, T0)).isFalse();
    assertThat(tokens.find("sha-1")).isEmpty();
  }
}
