package dev.sluice.gate;

import dev.sluice.model.ModelVersion;
import dev.sluice.model.ModelVersion.Contract;
import dev.sluice.model.ModelVersion.Promise;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Verdict;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What the candidate declares keeps what stable declares, which callers rely on: its request schema
 * takes what stable's takes, its response schema allows nothing that stable's doesn't, tokenizer
 * and chat template are the same, the context is no shorter. What the candidate says it changes on
 * purpose, by {@code contract.changes}, it may change. A promise that stable doesn't make can't be
 * broken.
 */
@Singleton
final class CompatibilityGate implements GateKind {
  static final String KIND = "compatibility";
  private static final String SOURCE = "what both versions declare";

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String question() {
    return "Does the candidate keep what stable declares: schemas, tokenizer, chat template, context?";
  }

  @Override
  public boolean beforeStart() {
    return true;
  }

  @Override
  public void read(Parameters p) {
    // what may change the version says, not the policy
  }

  @Override
  public boolean canBeAskedAgain(QualityGate gate) {
    return true;
  }

  @Override
  public Look look(Context context, String state) {
    Parameters p = new Parameters(context.gate().parameters());
    p.requireSound();
    SequencedMap<String, String> statistics = new LinkedHashMap<>();
    Verdict verdict = verdict(context, statistics);
    return new Look(Reports.plain(context, KIND, verdict, 0, statistics, SOURCE), "");
  }

  private static Verdict verdict(Context context, SequencedMap<String, String> statistics) {
    ModelVersion stable = context.stable();
    if (stable == null) {
      return new Verdict.Pass("there is no stable version to be compatible with");
    }
    ModelVersion candidate = context.candidate();
    List<String> broken = new ArrayList<>();
    for (Promise promise : Promise.values()) {
      List<String> gaps = gaps(promise, stable, candidate);
      boolean declared = candidate.contract().changes().contains(promise);
      statistics.put(
          promise.word(),
          gaps.isEmpty()
              ? "kept"
              : (declared ? "changed, as declared: " : "broken: ") + String.join("; ", gaps));
      if (!gaps.isEmpty() && !declared) {
        broken.add(promise.word() + ": " + gaps.getFirst());
      }
    }
    if (broken.isEmpty()) {
      return new Verdict.Pass("what version " + stable.name() + " declares is kept");
    }
    return new Verdict.Fail(
        "the candidate breaks what version %s declares, and doesn't declare it among contract.changes: %s"
            .formatted(stable.name(), String.join("; ", broken)));
  }

  private static List<String> gaps(Promise promise, ModelVersion stable, ModelVersion candidate) {
    Contract promised = stable.contract();
    Contract kept = candidate.contract();
    return switch (promise) {
      case REQUEST -> SchemaContainment.gaps(promised.request(), kept.request());
      case RESPONSE ->
          promised.response() == null
              ? List.of()
              : SchemaContainment.gaps(kept.response(), promised.response());
      case TOKENIZER -> same("digest", digest(stable), digest(candidate));
      case CHAT_TEMPLATE -> same("digest", promised.chatTemplate(), kept.chatTemplate());
      case CONTEXT_LENGTH ->
          kept.contextLength() >= promised.contextLength()
              ? List.of()
              : List.of(
                  "%s tokens, were %s"
                      .formatted(
                          kept.contextLength() == 0
                              ? "no declared"
                              : Words.count(kept.contextLength()),
                          Words.count(promised.contextLength())));
    };
  }

  private static @Nullable String digest(ModelVersion version) {
    return version.tokenizer() == null ? null : version.tokenizer().digest();
  }

  private static List<String> same(String what, @Nullable String promised, @Nullable String kept) {
    return promised == null || Objects.equals(promised, kept)
        ? List.of()
        : List.of("%s %s, was %s".formatted(what, kept == null ? "not declared" : kept, promised));
  }
}
