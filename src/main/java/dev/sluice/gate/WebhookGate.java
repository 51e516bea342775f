package dev.sluice.gate;

import dev.sluice.model.ModelVersion;
import dev.sluice.model.Problem;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Unavailable;
import dev.sluice.model.Verdict;
import dev.sluice.signal.metrics.MetricSignals;
import dev.sluice.signal.webhook.Webhooks;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Whatever a web service of the operator's own says, by {@link
 * dev.sluice.signal.webhook.WebhookHttp}'s contract. The gate names it; where it is and which
 * secret it wants to see is in the settings, so that no policy can send a request, or a secret,
 * where nobody meant it to go. What it said holds until it is asked again, within the step it was
 * said in; a failure holds for good (law 18). No answer is no verdict.
 */
@Singleton
final class WebhookGate implements GateKind {
  static final String KIND = "webhook";

  private final Webhooks webhooks;

  WebhookGate(Webhooks webhooks) {
    this.webhooks = webhooks;
  }

  private record Settings(String name, Duration every) {
    static Settings read(Parameters p) {
      return new Settings(
          p.requiredText(
              "name", "the web service, as in the setting sluice.signal.webhook.<name>.url"),
          p.duration(
              "every", Duration.ofSeconds(30), Duration.ofDays(1), "how often it is asked again"));
    }
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String question() {
    return "What does a web service of the operator's own say of the release?";
  }

  @Override
  public void read(Parameters p) {
    Settings unused = Settings.read(p);
  }

  @Override
  public List<Problem> submittable(QualityGate gate, MetricSignals metrics) {
    String name = Settings.read(new Parameters(gate.parameters())).name();
    return webhooks.names().contains(name)
        ? List.of()
        : List.of(
            new Problem(
                "name",
                0,
                0,
                "no sluice.signal.webhook.%s.url is set; there are: %s"
                    .formatted(
                        name,
                        webhooks.names().isEmpty()
                            ? "none"
                            : String.join(", ", webhooks.names().stream().sorted().toList()))));
  }

  @Override
  public Look look(Context context, String state) {
    Parameters p = new Parameters(context.gate().parameters());
    Settings settings = Settings.read(p);
    p.requireSound();
    Heard heard = Heard.read(state, KIND);
    Instant since = context.since();
    if (heard != null && heard.isFailure()) {
      return look(context, settings, heard.verdict(), heard);
    }
    if (since == null) {
      return look(
          context, settings, new Verdict.Undecided("the split is still being applied"), heard);
    }
    if (heard != null && heard.holds(since, context.now(), settings.every())) {
      return look(context, settings, heard.verdict(), heard);
    }
    try {
      Verdict said = webhooks.verdict(settings.name(), question(context, since));
      Heard now = Heard.of(context, since, said, new LinkedHashMap<>());
      return look(context, settings, said, now);
    } catch (Unavailable e) {
      // what it said before is no answer to what is asked now
      return look(
          context, settings, new Verdict.Inconclusive(String.valueOf(e.getMessage())), null);
    }
  }

  private static Webhooks.Question question(Context context, Instant since) {
    ModelVersion stable = context.stable();
    return new Webhooks.Question(
        context.release().id().toString(),
        context.service().name().value(),
        context.candidate().name().value(),
        stable == null ? null : stable.name().value(),
        context.stage().word(),
        context.gate().name(),
        since);
  }

  private static Look look(
      Context context, Settings settings, Verdict verdict, @Nullable Heard heard) {
    SequencedMap<String, String> statistics = new LinkedHashMap<>();
    if (heard != null) {
      statistics.put(Heard.ASKED, heard.at());
    }
    return new Look(
        Reports.plain(context, KIND, verdict, 0, statistics, "webhook " + settings.name()),
        heard == null ? "" : heard.write());
  }
}
