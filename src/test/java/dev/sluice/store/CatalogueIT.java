package dev.sluice.store;

import static dev.sluice.store.Samples.ALICE;
import static dev.sluice.store.Samples.T0;
import static dev.sluice.store.Samples.release;
import static dev.sluice.store.Samples.service;
import static dev.sluice.store.Samples.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Release;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Serving;
import dev.sluice.model.VersionName;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(StoreAlone.class)
@QuarkusTestResource(PostgresTestResource.class)
class CatalogueIT {
  private static final ServiceName DIGITS = new ServiceName("digits");

  private static final String THEIRS =
      "INSERT INTO model_service SELECT 'digits', document, model, serving, nextval('revision'),"
          + " due_at, leased_until, fence FROM model_service WHERE name = 'letters'";

  @Inject ReleaseStore store;
  @Inject DataSource database;

  @BeforeEach
  void empty() {
    PostgresTestResource.wipe(database);
  }

  @Test
  void aServiceComesBackLetterForLetterAndStartsOnItsDeclaredVersion() {
    String document = "{ \"b\": 1,  \"a\": \"ü\" }";
    Put<ModelService> put =
        store.putService(service("digits"), document, Precondition.ANY, ALICE, T0);
    assertThat(put.created()).isTrue();
    Stored<ModelService> stored = put.stored();
    assertThat(stored.value()).isEqualTo(service("digits"));
    assertThat(store.service(DIGITS)).contains(stored);
    assertThat(stored.document()).isEqualTo(document);
    assertThat(store.serving(DIGITS)).contains(new Serving(new VersionName("v1"), null));
    assertThat(store.services()).containsExactly(stored);
  }

  @Test
  void onlyTheRevisionThatWasReadIsReplaced() {
    long first = put("{}", Precondition.ANY).stored().revision();
    Put<ModelService> again = put("{\"n\":2}", new Precondition.At(first));
    long second = again.stored().revision();
    assertThat(again.created()).isFalse();
    assertThat(second).isGreaterThan(first);
    assertThatThrownBy(() -> put("{\"n\":3}", new Precondition.At(first)))
        .isInstanceOf(Stale.class)
        .hasMessage(
            "model service 'digits' must be at revision "
                + first
                + ", but is at revision "
                + second
                + ": read it again");
    assertThatThrownBy(() -> store.deleteService(DIGITS, new Precondition.At(first), ALICE, T0))
        .isInstanceOf(Stale.class);
    assertThat(store.service(DIGITS).orElseThrow().document()).isEqualTo("{\"n\":2}");
  }

  @Test
  void whatMustBeThereIsNotMadeAndWhatMustBeNewIsNotReplaced() {
    for (Precondition there : List.of(Precondition.PRESENT, new Precondition.At(7))) {
      assertThatThrownBy(() -> put("{}", there)).isInstanceOf(Stale.class);
    }
    assertThat(store.service(DIGITS)).isEmpty();
    assertThat(put("{}", Precondition.ABSENT).created()).isTrue();
    assertThatThrownBy(() -> put("{\"n\":2}", Precondition.ABSENT)).isInstanceOf(Stale.class);
    assertThat(put("{\"n\":2}", Precondition.PRESENT).created()).isFalse();
  }

  @Test
  void ofTwoThatCreateAtOnceOneIsTold() throws Exception {
    store.putService(service("letters"), "{\"theirs\":1}", Precondition.ANY, ALICE, T0);

    assertThatThrownBy(() -> overtakenBy(THEIRS, () -> put("{}", Precondition.ABSENT)))
        .isInstanceOf(Stale.class);

    assertThat(store.service(DIGITS).orElseThrow().document()).isEqualTo("{\"theirs\":1}");
  }

  @Test
  void aReplacementDoesNotRevive() throws Exception {
    put("{}", Precondition.ANY);

    assertThatThrownBy(
            () ->
                overtakenBy(
                    "DELETE FROM model_service", () -> put("{\"n\":2}", Precondition.PRESENT)))
        .isInstanceOf(Stale.class);

    assertThat(store.service(DIGITS)).isEmpty();
  }

  @Test
  void anUnconditionalPutThatComesSecondSaysThatItReplaced() throws Exception {
    store.putService(service("letters"), "{\"theirs\":1}", Precondition.ANY, ALICE, T0);

    Put<ModelService> put = overtakenBy(THEIRS, () -> put("{}", Precondition.ANY));

    assertThat(put.created()).isFalse();
    assertThat(put.stored().document()).isEqualTo("{}");
  }

  /** Runs {@code call} while another transaction has run {@code sql} and not yet committed. */
  private <T> T overtakenBy(String sql, Callable<T> call) throws Exception {
    try (Connection other = database.getConnection();
        Statement statement = other.createStatement();
        ExecutorService thread = Executors.newSingleThreadExecutor()) {
      other.setAutoCommit(false);
      statement.execute(sql);
      Future<T> result = thread.submit(call);
      await().until(() -> waitsForALock(statement) || result.isDone());
      other.commit();
      return result.get();
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    }
  }

  private static boolean waitsForALock(Statement statement) throws SQLException {
    try (ResultSet waiting =
        statement.executeQuery("SELECT count(*) FROM pg_locks WHERE NOT granted")) {
      return waiting.next() && waiting.getInt(1) > 0;
    }
  }

  private Put<ModelService> put(String document, Precondition precondition) {
    return store.putService(service("digits"), document, precondition, ALICE, T0);
  }

  @Test
  void theSameDocumentAgainIsNoChange() {
    Put<ModelService> first = put("{}", Precondition.ANY);
    assertThat(put("{}", Precondition.ANY)).isEqualTo(new Put<>(first.stored(), false));
  }

  @Test
  void aServiceMadeAgainNeverRepeatsARevisionOrAFence() {
    long revision = put("{}", Precondition.ANY).stored().revision();
    long fence = store.claimDue(T0, Duration.ofSeconds(1)).orElseThrow().fence();
    assertThat(store.deleteService(DIGITS, new Precondition.At(revision), ALICE, T0)).isTrue();
    assertThat(store.deleteService(DIGITS, Precondition.ANY, ALICE, T0)).isFalse();
    assertThat(store.service(DIGITS)).isEmpty();
    assertThat(put("{}", Precondition.ANY).stored().revision()).isGreaterThan(revision);
    assertThat(store.claimDue(T0, Duration.ofSeconds(1)).orElseThrow().fence())
        .isGreaterThan(fence);
  }

  @Test
  void aServiceWithAReleaseUnderWayStaysAndItsReleasesOutliveIt() {
    store.putService(service("digits"), "{}", Precondition.ANY, ALICE, T0);
    Release release = release("digits", "v2");
    store.submit(release, false, null, T0);
    assertThatThrownBy(() -> store.deleteService(DIGITS, Precondition.ANY, ALICE, T0))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining(release.id().toString());
    Claim claim = store.claimDue(T0, Duration.ofSeconds(1)).orElseThrow();
    store.commit(
        claim,
        Samples.moved(claim, new dev.sluice.model.Phase.Succeeded(T0), Duration.ZERO),
        java.util.Map.of(),
        T0);

    store.deleteService(DIGITS, Precondition.ANY, ALICE, T0);

    assertThat(store.release(release.id())).isPresent();
    assertThat(store.events(release.id(), 0, 10)).hasSize(2);
  }

  @Test
  void aVersionNeverChanges() {
    ModelVersion v2 = version("v2", "sha256:aa");
    Put<ModelVersion> put = store.putVersion(v2, "{}", ALICE, T0);
    Stored<ModelVersion> stored = put.stored();
    assertThat(put.created()).isTrue();
    assertThat(stored.value()).isEqualTo(v2);
    assertThat(store.putVersion(v2, "{}", ALICE, T0)).isEqualTo(new Put<>(stored, false));
    assertThatThrownBy(() -> store.putVersion(version("v2", "sha256:bb"), "{}", ALICE, T0))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("sha256:aa")
        .hasMessageContaining("sha256:bb");
    store.putVersion(version("v1", "sha256:cc"), "{}", ALICE, T0);
    assertThat(store.version(new VersionName("v2"))).contains(stored);
    assertThat(store.versions(DIGITS))
        .extracting(s -> s.value().name().value())
        .containsExactly("v1", "v2");
    assertThat(store.versions(new ServiceName("letters"))).isEmpty();
  }
}
