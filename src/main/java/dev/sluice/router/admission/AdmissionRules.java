package dev.sluice.router.admission;

import dev.sluice.model.AdmissionPolicy;
import dev.sluice.model.AdmissionPolicy.Caps;
import dev.sluice.model.Lane;
import dev.sluice.router.admission.TenantRates.Account;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A service's admission policy made ready: what is turned away before any version is asked. */
public final class AdmissionRules {
  private final AdmissionPolicy policy;
  private final TenantRates rates;
  private final LaneRules lanes;
  private final LongSupplier nanoTime;

  /**
   * Makes it ready.
   *
   * @param nanoTime the clock that rates refill by
   * @throws IllegalArgumentException if requests of a lane can't be read
   */
  public AdmissionRules(AdmissionPolicy policy, LongSupplier nanoTime) {
    this(policy, new TenantRates(policy.tenants(), nanoTime), nanoTime);
  }

  private AdmissionRules(AdmissionPolicy policy, TenantRates rates, LongSupplier nanoTime) {
    this.policy = policy;
    this.rates = rates;
    this.lanes = new LaneRules(policy.lanes());
    this.nanoTime = nanoTime;
  }

  /** Those of another policy; tenants whose rates are the same have used up what they had. */
  public AdmissionRules changedTo(AdmissionPolicy newly) {
    return new AdmissionRules(newly, rates.changedTo(newly.tenants(), nanoTime), nanoTime);
  }

  public AdmissionPolicy policy() {
    return policy;
  }

  /**
   * Whom a request comes from.
   *
   * @param asked what it asks for instead of a lane; null: a lane, or nothing
   */
  public record Visitor(Account account, Lane lane, @Nullable String asked) {}

  /**
   * Whom a request comes from.
   *
   * @param header the first value of one of its headers, by name; null: it has none
   */
  public Visitor visitor(String method, String path, Function<String, @Nullable String> header) {
    String name = policy.tenants().header();
    Account account = rates.of(name == null ? null : header.apply(name));
    Lane own = lanes.own(method, path, account.tenant());
    String asked = lanes.header() == null ? null : header.apply(lanes.header());
    if (asked == null) {
      return new Visitor(account, own, null);
    }
    Lane wanted = LaneRules.read(asked);
    return wanted == null
        ? new Visitor(account, own, asked)
        : new Visitor(account, LaneRules.granted(own, wanted, account.tenant()), null);
  }

  /**
   * Whether a request is turned away by its head; null: it isn't, and it was charged.
   *
   * @param contentLength below zero: it isn't said
   */
  public @Nullable Shed atHead(Visitor from, long contentLength) {
    if (from.asked() != null) {
      return Shed.unreadable(
          Limit.LANE,
          from.lane(),
          "the header "
              + lanes.header()
              + " must be one of "
              + LaneRules.words()
              + ", was '"
              + from.asked()
              + "'");
    }
    return contentLength > policy.caps().bytes()
        ? tooManyBytes(from.lane())
        : from.account().request(from.lane());
  }

  /** A body that turned out to be too large. */
  public Shed tooManyBytes(Lane lane) {
    return Shed.tooLarge(
        Limit.REQUEST_BYTES,
        lane,
        "a request must not be larger than " + policy.caps().bytes() + " bytes");
  }

  /** Whether a request of {@code from} has to be read before it is sent on. */
  public boolean reads(Visitor from) {
    return policy.caps().countTokens() || from.account().countsTokens();
  }

  /** What came of a body: turned away, or charged. */
  public record Charged(@Nullable Shed shed, int output) {
    private static final Charged NOTHING = new Charged(null, 0);

    private static Charged refused(Shed shed) {
      return new Charged(shed, 0);
    }
  }

  /** Looks at a whole body, and charges its tokens. */
  public Charged atBody(Visitor from, byte[] body) {
    if (!reads(from)) {
      return Charged.NOTHING;
    }
    Lane lane = from.lane();
    RequestTokens asked = RequestTokens.read(body);
    if (asked == null) {
      return Charged.refused(
          Shed.unfit(
              Limit.INPUT_TOKENS,
              lane,
              "the tokens of a request can't be counted that is no JSON object of the OpenAI"
                  + " protocol"));
    }
    Caps caps = policy.caps();
    Integer output = asked.output();
    if (caps.inputTokens() != null && asked.input() > caps.inputTokens()) {
      return Charged.refused(
          Shed.tooLarge(
              Limit.INPUT_TOKENS,
              lane,
              "a request must not have more than "
                  + caps.inputTokens()
                  + " tokens of input, this one has about "
                  + asked.input()));
    }
    if (caps.outputTokens() != null
        && asked.generates()
        && (output == null || output > caps.outputTokens())) {
      return Charged.refused(
          Shed.unfit(
              Limit.OUTPUT_TOKENS,
              lane,
              "max_tokens must be "
                  + caps.outputTokens()
                  + " or less, "
                  + (output == null ? "and was left out" : "was " + output)));
    }
    int forOutput = output == null ? 0 : output;
    Shed shed = from.account().tokens((long) asked.input() + forOutput, lane);
    return new Charged(shed, forOutput);
  }
}
