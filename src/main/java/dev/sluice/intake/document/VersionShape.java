package dev.sluice.intake.document;

import java.util.Map;

/** What {@link VersionReader} reads. */
final class VersionShape {
  private VersionShape() {}

  static Map<String, Object> spec() {
    Map<String, Object> artifact =
        new Shape()
            .required("uri", Shape.text(), "where it lies")
            .required("digest", Shape.text(Shape.DIGEST), "what it must hash to")
            .type();
    Map<String, Object> tokenizer =
        new Shape()
            .required("uri", Shape.text(), "where it lies")
            .required("digest", Shape.text(Shape.DIGEST), "what it must hash to")
            .optional(
                "chatTemplate",
                Shape.text(Shape.DIGEST),
                "of the template that makes a prompt of messages")
            .type();
    Map<String, Object> contract =
        new Shape()
            .optional(
                "contextLength",
                Shape.count(0, 1_000_000_000),
                0,
                "most tokens of a prompt with its answer; 0 declares none")
            .optional(
                "changes",
                Shape.listOf(Shape.word(VersionReader.PROMISES.keySet())),
                "what of the stable version's promises it changes on purpose")
            .optional("request", Shape.ordered("type", "object"), "JSON Schema of a request body")
            .optional("response", Shape.ordered("type", "object"), "JSON Schema of an answer body")
            .type();
    Map<String, Object> resources =
        new Shape()
            .optional("gpus", Shape.count(0, 1_024), 0, "whole GPUs")
            .optional("gpuMemoryPeak", Shape.bytes(), "peak GPU memory, as 62Gi")
            .optional("hostMemory", Shape.bytes(), "peak memory of the server process, as 256Mi")
            .type();
    Map<String, Object> warmup =
        new Shape()
            .optional(
                "requests",
                Shape.count(0, 1_000_000),
                0,
                "inferences asked of a replica before it is called ready")
            .optional(
                "time",
                Shape.text(Shape.DURATION),
                "0s",
                "of its first traffic that is left out of the evidence")
            .type();
    return new Shape()
        .required("service", Shape.text(Shape.LABEL), "the model service it was made for")
        .optional(
            "image", Shape.text(".+@sha256:[0-9a-f]{64}$"), "server image, pinned by its digest")
        .required("model", artifact, "the weights")
        .optional("tokenizer", tokenizer, "the tokenizer")
        .optional("contract", contract, "what it takes and gives")
        .optional("resources", resources, "what it needs")
        .optional("warmup", warmup, "how a fresh server is brought to its pace")
        .optional(
            "arguments",
            Shape.listOf(Shape.anyText()),
            "appended to the server's command line for this version alone")
        .optional("source", Shape.mapOf(Shape.anyText()), "where it came from, as {commit: 3f2c}")
        .type();
  }
}
