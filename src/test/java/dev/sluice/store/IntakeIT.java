package dev.sluice.store;

import static dev.sluice.store.Samples.ALICE;
import static dev.sluice.store.Samples.T0;
import static dev.sluice.store.Samples.release;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Release;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(StoreAlone.class)
@QuarkusTestResource(PostgresTestResource.class)
class IntakeIT extends IntakeContract {
  @Inject ReleaseStore store;
  @Inject AuditTrail audit;
  @Inject DataSource database;

  @Override
  ReleaseStore store() {
    return store;
  }

  @BeforeEach
  @Override
  void aServiceOnV1() {
    PostgresTestResource.wipe(database);
    super.aServiceOnV1();
  }

  @Test
  void theEndOfWhatStillWaitedIsOnTheAuditTrail() {
    Release first = release("digits", "v2");
    store.submit(first, false, null, T0);
    store.submit(release("digits", "v3"), true, null, T0);
    assertThat(audit.entries(0, 100))
        .filteredOn(e -> e.subject().equals("release " + first.id()))
        .extracting(AuditTrail.Entry::action, AuditTrail.Entry::actor)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("release.submit", ALICE),
            org.assertj.core.groups.Tuple.tuple("release.rejected", ALICE));
  }
}
