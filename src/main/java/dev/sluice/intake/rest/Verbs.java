package dev.sluice.intake.rest;

import dev.sluice.model.Intent;
import java.util.Map;

/** The verbs of an operator, as paths have them. */
final class Verbs {
  static final Map<String, Intent.Kind> BY_WORD =
      Map.of(
          "pause", Intent.Kind.PAUSE,
          "resume", Intent.Kind.RESUME,
          "approve", Intent.Kind.APPROVE,
          "promote", Intent.Kind.PROMOTE,
          "rollback", Intent.Kind.ROLLBACK);

  private Verbs() {}
}
