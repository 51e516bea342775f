package dev.sluice.control;

/** Where the controller is killed: before or after each thing it does to the world or the store. */
enum CrashPoint {
  BEFORE_CLAIM("claimDue", false),
  AFTER_CLAIM("claimDue", true),
  BEFORE_ENSURE("ensure", false),
  AFTER_ENSURE("ensure", true),
  BEFORE_APPLY("apply", false),
  AFTER_APPLY("apply", true),
  BEFORE_REMOVE("remove", false),
  AFTER_REMOVE("remove", true),
  BEFORE_READ_BACK("readBack", false),
  AFTER_READ_BACK("readBack", true),
  BEFORE_STOP("stop", false),
  AFTER_STOP("stop", true),
  BEFORE_COMMIT("commit", false),
  AFTER_COMMIT("commit", true),
  BEFORE_REST("rest", false),
  AFTER_REST("rest", true);

  final String method;
  final boolean after;

  CrashPoint(String method, boolean after) {
    this.method = method;
    this.after = after;
  }
}
