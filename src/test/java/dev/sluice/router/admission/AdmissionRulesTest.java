package dev.sluice.router.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.AdmissionPolicy;
import dev.sluice.model.AdmissionPolicy.Caps;
import dev.sluice.model.AdmissionPolicy.Concurrency;
import dev.sluice.model.AdmissionPolicy.LaneOf;
import dev.sluice.model.AdmissionPolicy.Lanes;
import dev.sluice.model.AdmissionPolicy.Tenant;
import dev.sluice.model.AdmissionPolicy.Tenants;
import dev.sluice.model.AdmissionPolicy.Waiting;
import dev.sluice.model.Lane;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionRulesTest {
  private static final AdmissionRules RULES =
      new AdmissionRules(
          new AdmissionPolicy(
              Concurrency.SAFE,
              Waiting.NONE,
              Caps.SAFE,
              new Tenants(
                  "x-tenant",
                  Map.of(
                      "front", new Tenant(null, null, null, Lane.CRITICAL),
                      "nightly", new Tenant(null, null, Lane.BATCH, Lane.INTERNAL)),
                  Tenant.UNLIMITED),
              new Lanes(
                  "x-priority",
                  List.of(new LaneOf(List.of("POST /v1/embeddings"), Lane.INTERNAL)),
                  Map.of())),
          () -> 0);

  private static AdmissionRules.Visitor visitor(
      String path, @Nullable String tenant, @Nullable String asked) {
    return RULES.visitor("POST", path, name -> name.equals("x-tenant") ? tenant : asked);
  }

  @ParameterizedTest
  @CsvSource({
    // path, tenant, asks for, gets
    "/v1/chat/completions, ,        ,         NORMAL",
    "/v1/chat/completions, unknown, critical, NORMAL",
    "/v1/chat/completions, unknown, batch,    BATCH",
    "/v1/chat/completions, front,   ,         NORMAL",
    "/v1/chat/completions, front,   critical, CRITICAL",
    "/v1/chat/completions, nightly, ,         BATCH",
    "/v1/chat/completions, nightly, internal, INTERNAL",
    "/v1/chat/completions, nightly, critical, INTERNAL",
    "/v1/embeddings,       front,   ,         INTERNAL",
    "/v1/embeddings,       nightly, ,         INTERNAL",
    "/v1/embeddings,       ,        normal,   INTERNAL",
  })
  void anybodyMayStepBackAndForwardOnlyAsFarAsTheirTenantMay(
      String path, @Nullable String tenant, @Nullable String asked, Lane gets) {
    AdmissionRules.Visitor visitor = visitor(path, tenant, asked);
    assertThat(visitor.lane()).isEqualTo(gets);
    assertThat(RULES.atHead(visitor, 10)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"shadow", "urgent", "Critical", ""})
  void laneThatNobodyMayAskForIsNamed(String asked) {
    Shed shed = RULES.atHead(visitor("/v1/embeddings", "front", asked), 10);
    assertThat(shed)
        .isEqualTo(
            new Shed(
                Limit.LANE,
                Lane.INTERNAL,
                400,
                "Bad Request",
                "the header x-priority must be one of critical, normal, internal, batch, was '"
                    + asked
                    + "'",
                0));
  }

  @Test
  void withoutLanesNobodyAsksAndAllAreAlike() {
    AdmissionRules safe = new AdmissionRules(AdmissionPolicy.SAFE, () -> 0);
    AdmissionRules.Visitor visitor = safe.visitor("POST", "/", name -> "critical");
    assertThat(visitor.lane()).isEqualTo(Lane.NORMAL);
    assertThat(safe.atHead(visitor, AdmissionPolicy.SAFE.caps().bytes())).isNull();
  }
}
