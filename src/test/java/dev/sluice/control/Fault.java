package dev.sluice.control;

/** What is the matter with the candidates of the demo. */
public enum Fault {
  /** Nothing. */
  NONE,
  /** It takes 1.6 times as long as stable. */
  SLOW,
  /** An eighth of its answers is wrong. */
  WORSE,
  /** Its answers don't keep the schema. */
  SCHEMA,
  /** It takes more memory than it declares. */
  HOG,
  /** Three in ten of its answers are garbage, from some seconds into its canary on. */
  LATE,
  /** It dies some seconds into its canary. */
  DIES
}
