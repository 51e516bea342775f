package dev.sluice.store;

import static dev.sluice.store.Samples.ALICE;
import static dev.sluice.store.Samples.T0;
import static dev.sluice.store.Samples.release;
import static dev.sluice.store.Samples.service;
import static dev.sluice.store.Samples.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(StoreAlone.class)
@QuarkusTestResource(PostgresTestResource.class)
class CatalogueIT {
  private static final ServiceName DIGITS = new ServiceName("digits");

  @Inject ReleaseStore store;
  @Inject DataSource database;

  @BeforeEach
  void empty() {
    PostgresTestResource.wipe(database);
  }

  @Test
  void aServiceComesBackLetterForLetterAndStartsOnItsDeclaredVersion() {
    String document = "{ \"b\": 1,  \"a\": \"ü\" }";
    Stored<ModelService> stored = store.putService(service("digits"), document, null, ALICE, T0);
    assertThat(stored.value()).isEqualTo(service("digits"));
    assertThat(store.service(DIGITS)).contains(stored);
    assertThat(stored.document()).isEqualTo(document);
    assertThat(store.serving(DIGITS)).contains(new Serving(new VersionName("v1"), null));
    assertThat(store.services()).containsExactly(stored);
  }

  @Test
  void onlyTheRevisionThatWasReadIsReplaced() {
    long first = store.putService(service("digits"), "{}", null, ALICE, T0).revision();
    long second = store.putService(service("digits"), "{\"n\":2}", first, ALICE, T0).revision();
    assertThat(second).isGreaterThan(first);
    assertThatThrownBy(() -> store.putService(service("digits"), "{\"n\":3}", first, ALICE, T0))
        .isInstanceOf(Conflict.class)
        .hasMessage(
            "model service 'digits' is at revision "
                + second
                + ", not "
                + first
                + ": read it again");
    assertThatThrownBy(() -> store.deleteService(DIGITS, first, ALICE, T0))
        .isInstanceOf(Conflict.class);
    assertThatThrownBy(() -> store.putService(service("ghost"), "{}", 7L, ALICE, T0))
        .isInstanceOf(Conflict.class);
    assertThat(store.service(DIGITS).orElseThrow().document()).isEqualTo("{\"n\":2}");
  }

  @Test
  void theSameDocumentAgainIsNoChange() {
    Stored<ModelService> first = store.putService(service("digits"), "{}", null, ALICE, T0);
    assertThat(store.putService(service("digits"), "{}", null, ALICE, T0)).isEqualTo(first);
  }

  @Test
  void aServiceMadeAgainNeverRepeatsARevisionOrAFence() {
    long revision = store.putService(service("digits"), "{}", null, ALICE, T0).revision();
    long fence = store.claimDue(T0, Duration.ofSeconds(1)).orElseThrow().fence();
    store.deleteService(DIGITS, revision, ALICE, T0);
    assertThat(store.service(DIGITS)).isEmpty();
    assertThat(store.putService(service("digits"), "{}", null, ALICE, T0).revision())
        .isGreaterThan(revision);
    assertThat(store.claimDue(T0, Duration.ofSeconds(1)).orElseThrow().fence())
        .isGreaterThan(fence);
  }

  @Test
  void aServiceWithAReleaseUnderWayStaysAndItsReleasesOutliveIt() {
    store.putService(service("digits"), "{}", null, ALICE, T0);
    Release release = release("digits", "v2");
    store.submit(release, false, null, T0);
    assertThatThrownBy(() -> store.deleteService(DIGITS, null, ALICE, T0))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining(release.id().toString());
    Claim claim = store.claimDue(T0, Duration.ofSeconds(1)).orElseThrow();
    store.commit(
        claim,
        Samples.moved(claim, new dev.sluice.model.Phase.Succeeded(T0), Duration.ZERO),
        java.util.Map.of(),
        T0);

    store.deleteService(DIGITS, null, ALICE, T0);

    assertThat(store.release(release.id())).isPresent();
    assertThat(store.events(release.id(), 0, 10)).hasSize(2);
  }

  @Test
  void aVersionNeverChanges() {
    ModelVersion v2 = version("v2", "sha256:aa");
    Stored<ModelVersion> stored = store.putVersion(v2, "{}", ALICE, T0);
    assertThat(stored.value()).isEqualTo(v2);
    assertThat(store.putVersion(v2, "{}", ALICE, T0)).isEqualTo(stored);
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
