package dev.sluice.demo;

import com.fasterxml.jackson.databind.JsonNode;

/** When the controller is killed: what the release then looks like. */
enum Moment {
  /** The candidate loads. */
  STAGING("staging", "observing"),
  SYNTHETIC("synthetic", "observing"),
  SHADOW("shadow", "observing"),
  CANARY("canary", "observing"),
  PROMOTION("promotion", "soaking"),
  /** From a canary, with stable's own server dead: it lasts until that one is back. */
  ROLLING_BACK("canary", "rolling-back");

  /** Fewer measurements than that would not be missed. */
  private static final int WORTH_KEEPING = 60;

  private final String stage;
  private final String phase;

  Moment(String stage, String phase) {
    this.stage = stage;
    this.phase = phase;
  }

  boolean isIn(JsonNode view) {
    boolean there =
        view.path("stage").asText().equals(stage) && view.path("phase").asText().equals(phase);
    return there && (this != SHADOW || view.path("candidateRequests").asLong() >= WORTH_KEEPING);
  }

  /** How the release must end. */
  String outcome() {
    return this == ROLLING_BACK ? "rolled-back" : "succeeded";
  }

  /** Whom users are on when it has ended. */
  String serving() {
    return this == ROLLING_BACK ? "v1" : "v2";
  }
}
