package dev.sluice.router.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.AdmissionPolicy.Rate;
import dev.sluice.model.AdmissionPolicy.Tenant;
import dev.sluice.model.AdmissionPolicy.Tenants;
import dev.sluice.model.Lane;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TenantRatesTest {
  private static final long SECOND = 1_000_000_000;
  private long now = 5 * SECOND;

  private TenantRates rates(Tenant acme, Tenant others) {
    return new TenantRates(new Tenants("x-tenant", Map.of("acme", acme), others), () -> now);
  }

  private static Tenant requests(long amount) {
    return new Tenant(new Rate(amount, Duration.ofSeconds(1)), null, null, null);
  }

  private static Tenant tokens(long amount) {
    return new Tenant(null, new Rate(amount, Duration.ofMinutes(1)), null, null);
  }

  @Test
  void oneBeyondTheRateIsToldWhenToComeBackAndThenIsServed() {
    TenantRates.Account acme = rates(requests(2), Tenant.UNLIMITED).of("acme");
    assertThat(acme.request(Lane.NORMAL)).isNull();
    assertThat(acme.request(Lane.NORMAL)).isNull();
    Shed shed = acme.request(Lane.BATCH);
    assertThat(shed)
        .isEqualTo(
            new Shed(
                Limit.TENANT_REQUESTS,
                Lane.BATCH,
                429,
                "Too Many Requests",
                "tenant acme has used up its 2 requests in 1s",
                1));
    now += SECOND;
    assertThat(acme.request(Lane.NORMAL)).isNull();
  }

  @Test
  void namesNobodyDeclaredShareOneAccount() {
    TenantRates rates = rates(requests(100), requests(2));
    assertThat(rates.of("a").request(Lane.NORMAL)).isNull();
    assertThat(rates.of("b").request(Lane.NORMAL)).isNull();
    assertThat(rates.of("c").request(Lane.NORMAL)).isNotNull();
    assertThat(rates.of(null).request(Lane.NORMAL)).isNotNull();
    assertThat(rates.of("acme").request(Lane.NORMAL)).isNull();
  }

  @Test
  void unusedOutputComesBackAndMoreThanWasChargedIsOwed() {
    TenantRates.Account acme = rates(tokens(100), Tenant.UNLIMITED).of("acme");
    assertThat(acme.tokens(90, Lane.NORMAL)).isNull();
    acme.settle(-80);
    assertThat(acme.tokens(90, Lane.NORMAL)).isNull();
    acme.settle(120);
    assertThat(acme.tokens(1, Lane.NORMAL)).isNotNull();
    now += 61 * SECOND; // the debt of a minute is worked off
    assertThat(acme.tokens(1, Lane.NORMAL)).isNotNull();
    now += 61 * SECOND;
    assertThat(acme.tokens(1, Lane.NORMAL)).isNull();
  }

  @Test
  void requestLargerThanTheRateIsLetThroughByAFullAccountAndOwed() {
    TenantRates.Account acme = rates(tokens(100), Tenant.UNLIMITED).of("acme");
    assertThat(acme.tokens(250, Lane.NORMAL)).isNull();
    now += 100 * SECOND;
    assertThat(acme.tokens(50, Lane.NORMAL)).isNotNull();
    now += 120 * SECOND;
    assertThat(acme.tokens(50, Lane.NORMAL)).isNull();
  }

  @Test
  void routeThatIsWrittenAnewGivesNothingBackUnlessTheRatesAreOthers() {
    Tenants declared = new Tenants(null, Map.of(), requests(1));
    TenantRates rates = new TenantRates(declared, () -> now);
    assertThat(rates.of(null).request(Lane.NORMAL)).isNull();
    TenantRates same = rates.changedTo(new Tenants(null, Map.of(), requests(1)), () -> now);
    assertThat(same.of(null).request(Lane.NORMAL)).isNotNull();
    TenantRates more = rates.changedTo(new Tenants(null, Map.of(), requests(2)), () -> now);
    assertThat(more.of(null).request(Lane.NORMAL)).isNull();
  }

  @Property
  void inAnyTimeNobodyGetsMoreThanTheRateAndOneBurst(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 50) int amount) {
    now = 0;
    TenantRates.Account acme = rates(requests(amount), Tenant.UNLIMITED).of("acme");
    Random random = new Random(seed);
    long granted = 0;
    for (int i = 0; i < 500; i++) {
      now += random.nextInt((int) (SECOND / 20));
      granted += acme.request(Lane.NORMAL) == null ? 1 : 0;
      assertThat(granted).isLessThanOrEqualTo(amount + now * amount / SECOND + 1);
    }
  }
}
