package dev.sluice.gate;

import dev.sluice.model.FallbackLadder;
import dev.sluice.model.FallbackLadder.Rung;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Outcome;
import dev.sluice.model.Unavailable;
import dev.sluice.model.Verdict;
import dev.sluice.model.VersionName;
import dev.sluice.signal.AnswerSchema;
import dev.sluice.signal.GoldenSet;
import dev.sluice.signal.GoldenSignals.Answer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Whatever answers in the candidate's stead, callers of the candidate can read it: stable, to which
 * they must be able to go back, and each rung of the service's ladder gets golden requests, and its
 * answers must keep the response schema the candidate declares and have a value at the service's
 * answer pointer. A rung that can't be reached leaves the question open.
 */
@Singleton
final class FallbackCompatibilityGate implements GateKind {
  static final String KIND = "fallback-compatibility";
  private static final String SOURCE = "answers of stable and of the fallback ladder";

  private final Set<String> providerHosts;

  /**
   * @param providerHosts hosts that requests may be sent to (law 29)
   */
  FallbackCompatibilityGate(Set<String> providerHosts) {
    this.providerHosts =
        providerHosts.stream()
            .map(host -> host.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  @Inject
  FallbackCompatibilityGate(
      @ConfigProperty(name = "sluice.intake.provider-hosts") Optional<List<String>> providerHosts) {
    this(Set.copyOf(providerHosts.orElse(List.of())));
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String question() {
    return "Can each fallback stand in for the candidate: take its requests, and answer what callers can read?";
  }

  @Override
  public void read(Parameters p) {
    samples(p);
    GoldenName.read(p);
  }

  private static int samples(Parameters p) {
    return p.count("samples", 5, 1, 100, "golden requests put to each rung");
  }

  @Override
  public Look look(Context context, String state) {
    Parameters p = new Parameters(context.gate().parameters());
    int samples = samples(p);
    String golden = GoldenName.of(GoldenName.read(p), context);
    p.requireSound();
    Look before = Settled.again(context, state, KIND, SOURCE);
    if (before != null) {
      return before;
    }
    List<Rung> rungs = rungs(context);
    if (rungs.isEmpty()) {
      return Settled.decided(
          context,
          KIND,
          new Verdict.Pass("the service has neither a stable version nor a fallback ladder"),
          0,
          new LinkedHashMap<>(),
          SOURCE);
    }
    if (golden == null) {
      return open(context, new LinkedHashMap<>(), GoldenName.MISSING);
    }
    return tried(context, rungs, context.signals().golden().set(golden), samples);
  }

  private static List<Rung> rungs(Context context) {
    List<Rung> rungs = new ArrayList<>();
    if (context.stable() != null) {
      rungs.add(new FallbackLadder.SmallerVersion(context.stable().name()));
    }
    for (Rung rung : context.service().fallback().rungs()) {
      if (!rungs.contains(rung)) {
        rungs.add(rung);
      }
    }
    return rungs;
  }

  private Look tried(Context context, List<Rung> rungs, GoldenSet set, int samples) {
    AnswerSchema schema = new AnswerSchema(context.candidate().contract().response());
    List<GoldenSet.Item> items = set.items().subList(0, Math.min(samples, set.items().size()));
    SequencedMap<String, String> statistics = new LinkedHashMap<>();
    statistics.put("schema of", "version " + context.candidate().name());
    int asked = 0;
    @Nullable String unreached = null;
    for (Rung rung : rungs) {
      String label = label(rung, context.stable());
      @Nullable String violation;
      try {
        violation = violation(context, rung, set, items, schema);
      } catch (Unavailable e) {
        statistics.put(label, "not reached: " + e.getMessage());
        unreached = unreached == null ? label + ": " + e.getMessage() : unreached;
        continue;
      }
      asked++;
      if (violation != null) {
        statistics.put(label, "not compatible: " + violation);
        return Settled.decided(
            context,
            KIND,
            new Verdict.Fail(
                "callers of the candidate can't read what answers in its stead, %s: %s"
                    .formatted(label, violation)),
            asked,
            statistics,
            SOURCE);
      }
      statistics.put(label, "compatible");
    }
    if (unreached != null) {
      return open(context, statistics, "a rung could not be reached: " + unreached);
    }
    return Settled.decided(
        context,
        KIND,
        new Verdict.Pass(
            "callers of the candidate can read what answers in its stead: "
                + rungs.stream()
                    .map(rung -> label(rung, context.stable()))
                    .collect(Collectors.joining(", "))),
        asked,
        statistics,
        SOURCE);
  }

  private static String label(Rung rung, @Nullable ModelVersion stable) {
    return rung instanceof FallbackLadder.SmallerVersion smaller
            && stable != null
            && smaller.version().equals(stable.name())
        ? "stable version " + stable.name()
        : rung.label();
  }

  /** What is wrong with a rung's answers; null where nothing is. */
  private @Nullable String violation(
      Context context, Rung rung, GoldenSet set, List<GoldenSet.Item> items, AnswerSchema schema) {
    return switch (rung) {
      case FallbackLadder.SmallerVersion smaller ->
          answers(context, endpoint(context, smaller.version()), set.path(), items, schema);
      case FallbackLadder.Provider provider ->
          answers(context, allowed(provider), set.path(), items, schema);
      case FallbackLadder.Rule rule -> unreadable(context, rule.body(), schema);
      // it says that the feature is off: callers know it by its status, not by its schema
      case FallbackLadder.Disabled disabled -> null;
    };
  }

  private static URI endpoint(Context context, VersionName version) {
    List<URI> endpoints = context.signals().workload().endpoints(context.service().name(), version);
    if (endpoints.isEmpty()) {
      throw new Unavailable("version " + version + " has no ready replica");
    }
    return endpoints.getFirst();
  }

  private URI allowed(FallbackLadder.Provider provider) {
    URI url = provider.url();
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    String host = String.valueOf(url.getHost()).toLowerCase(Locale.ROOT);
    if (!Set.of("http", "https").contains(scheme) || !providerHosts.contains(host)) {
      throw new Unavailable(
          "%s is not on the list of hosts that may be asked (sluice.intake.provider-hosts)"
              .formatted(url));
    }
    return url;
  }

  private static @Nullable String answers(
      Context context, URI endpoint, String path, List<GoldenSet.Item> items, AnswerSchema schema) {
    for (GoldenSet.Item item : items) {
      Answer answer =
          context.signals().golden().ask(endpoint, context.service(), path, item.request());
      if (answer.outcome() == Outcome.ERROR || answer.outcome() == Outcome.TIMEOUT) {
        throw new Unavailable(
            "no answer: "
                + answer.outcome().name().toLowerCase(Locale.ROOT)
                + (answer.status() > 0 ? ", status " + answer.status() : ""));
      }
      if (answer.status() / 100 != 2) {
        return "refuses the candidate's request with status " + answer.status();
      }
      String violation = unreadable(context, answer.body(), schema);
      if (violation != null) {
        return violation;
      }
    }
    return null;
  }

  private static @Nullable String unreadable(Context context, String body, AnswerSchema schema) {
    String violation = schema.violation(body);
    String pointer = context.service().traffic().answer();
    if (violation != null || pointer == null) {
      return violation;
    }
    return AnswerSchema.at(body, pointer) == null ? "nothing at " + pointer : null;
  }

  private static Look open(Context context, SequencedMap<String, String> statistics, String why) {
    return new Look(
        Reports.plain(context, KIND, new Verdict.Inconclusive(why), 0, statistics, SOURCE), "");
  }
}
