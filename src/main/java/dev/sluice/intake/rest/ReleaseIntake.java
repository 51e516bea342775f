package dev.sluice.intake.rest;

import dev.sluice.gate.GateKinds;
import dev.sluice.intake.catalog.Catalog;
import dev.sluice.intake.document.InvalidDocument;
import dev.sluice.intake.document.Requests.ReleaseWish;
import dev.sluice.model.Characters;
import dev.sluice.model.FallbackLadder;
import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Phase;
import dev.sluice.model.Pipeline;
import dev.sluice.model.Problem;
import dev.sluice.model.QualityGate;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Serving;
import dev.sluice.model.VersionName;
import dev.sluice.signal.metrics.MetricSignals;
import dev.sluice.store.ReleaseStore;
import dev.sluice.store.ReleaseStore.IdempotencyKey;
import dev.sluice.store.Stored;
import dev.sluice.store.Submission;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Turns the wish for a release into one, with all that decides about it pinned. */
@Singleton
class ReleaseIntake {
  private final ReleaseStore store;
  private final Catalog catalog;
  private final GateKinds kinds;
  private final MetricSignals metrics;

  ReleaseIntake(ReleaseStore store, Catalog catalog, GateKinds kinds, MetricSignals metrics) {
    this.store = store;
    this.catalog = catalog;
    this.kinds = kinds;
    this.metrics = metrics;
  }

  /**
   * The release that was made, or that the same key made before.
   *
   * @throws InvalidDocument naming everything the wish gets wrong
   * @throws ApiProblem 409 where a release is under way, 422 where the key was another wish's
   */
  Release submit(ReleaseWish wish, @Nullable String key, String actor, Instant now) {
    if (key != null
        && (key.isBlank() || key.length() > 128 || Characters.unkept(key).isPresent())) {
      throw ApiProblem.badRequest("Idempotency-Key must be 1..128 characters, none U+0000");
    }
    IdempotencyKey once = key == null ? null : new IdempotencyKey(key, wish.digest());
    // first, for what was fit then may be unfit now: a repeated request is no new one
    Optional<Submission> before = once == null ? Optional.empty() : store.madeBefore(actor, once);
    Submission submission =
        before.orElseGet(
            () -> store.submit(checked(wish, actor, now), wish.supersede(), once, now));
    return switch (submission) {
      case Submission.Accepted accepted -> accepted.release();
      case Submission.Repeated repeated -> repeated.release();
      case Submission.KeyReused reused ->
          throw ApiProblem.of(
              422,
              "idempotency-key-reused",
              "The key belongs to another request",
              "Idempotency-Key '"
                  + key
                  + "' came with another body and made release "
                  + reused.first()
                  + ": use a new key");
      case Submission.Busy busy ->
          throw ApiProblem.of(
              409,
              "release-active",
              "The service has a release under way",
              "release " + busy.active() + ": " + busy.why());
    };
  }

  private Release checked(ReleaseWish wish, String actor, Instant now) {
    List<Problem> problems = new ArrayList<>();
    ServiceName name = new ServiceName(wish.service());
    Optional<Stored<ModelService>> service = store.service(name);
    if (service.isEmpty()) {
      problems.add(wish.problem("service", "no model service is called '" + name + "'"));
    }
    VersionName candidate = new VersionName(wish.version());
    Optional<ModelVersion> version = store.version(candidate).map(Stored::value);
    if (version.isEmpty()) {
      problems.add(wish.problem("version", "no version is called '" + candidate + "'"));
    } else if (!version.get().service().equals(name)) {
      problems.add(
          wish.problem(
              "version",
              "version "
                  + candidate
                  + " was made for "
                  + version.get().service()
                  + ", not "
                  + name));
    }
    Serving serving = store.serving(name).orElse(new Serving(null, null));
    if (candidate.equals(serving.stable())) {
      problems.add(
          wish.problem("version", "version " + candidate + " is the stable version already"));
    }
    service.ifPresent(s -> problems.addAll(missing(wish, s.value(), serving)));
    String pipelineName =
        wish.pipeline() != null
            ? wish.pipeline()
            : service.map(s -> s.value().pipeline()).orElse(null);
    Optional<Pipeline> pipeline =
        pipelineName == null ? Optional.empty() : catalog.pipeline(pipelineName);
    if (pipelineName != null && pipeline.isEmpty()) {
      problems.add(
          wish.problem(
              "pipeline",
              "no pipeline is called '"
                  + pipelineName
                  + "'; there are: "
                  + String.join(", ", catalog.pipelines().stream().map(p -> p.name()).toList())));
    }
    if (!problems.isEmpty()) {
      throw new InvalidDocument(false, problems);
    }
    Pipeline passed = pipeline.orElseThrow();
    Map<String, QualityGate> gates = catalog.gatesOf(passed);
    gates.forEach(
        (gateName, gate) ->
            kinds
                .of(gate)
                .submittable(gate, metrics)
                .forEach(
                    p -> problems.add(wish.problem("pipeline", "gate " + gateName + ": " + p))));
    GoldenFit.problems(passed, gates.values(), version.orElseThrow(), catalog)
        .forEach(why -> problems.add(wish.problem("pipeline", why)));
    if (!problems.isEmpty()) {
      throw new InvalidDocument(false, problems);
    }
    return new Release(
        new ReleaseId(UUID.randomUUID()),
        name,
        candidate,
        serving.stable(),
        serving.stable() == null ? Release.Comparison.SLO : Release.Comparison.STABLE,
        passed,
        gates,
        new Phase.Submitted(now),
        null,
        List.of(),
        null,
        Objects.requireNonNull(actor),
        now,
        wish.reason(),
        Map.copyOf(wish.labels()));
  }

  /**
   * What the service stands on must be there before it is released to. A service is declared before
   * its versions, for they name it, so here is the first place where that can be asked.
   */
  private List<Problem> missing(ReleaseWish wish, ModelService service, Serving serving) {
    Map<VersionName, String> needed = new LinkedHashMap<>();
    if (serving.stable() != null) {
      needed.put(serving.stable(), "stable version");
    }
    for (FallbackLadder.Rung rung : service.fallback().rungs()) {
      if (rung instanceof FallbackLadder.SmallerVersion smaller) {
        needed.putIfAbsent(smaller.version(), "fallback version");
      }
    }
    List<Problem> problems = new ArrayList<>();
    needed.forEach(
        (version, role) -> {
          Optional<ModelVersion> found = store.version(version).map(Stored::value);
          String subject = role + " '" + version + "' of model service '" + service.name() + "'";
          if (found.isEmpty()) {
            problems.add(
                wish.problem(
                    "service", "the " + subject + " is not registered: register it first"));
          } else if (!found.get().service().equals(service.name())) {
            problems.add(
                wish.problem(
                    "service", "the " + subject + " was made for " + found.get().service()));
          }
        });
    return problems;
  }
}
