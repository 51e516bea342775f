package dev.sluice.intake.document;

import dev.sluice.model.Protocol;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What {@link ServiceReader} and {@link LadderReader} read. */
final class ServiceShape {
  static final Map<String, Object> HEADER = Shape.text("^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$");

  static final Map<String, Object> OPERATION = Shape.text("^[A-Z]{3,10} /\\S*$");

  private ServiceShape() {}

  static Map<String, Object> spec() {
    Map<String, Object> quantiles =
        Shape.ordered(
            "type",
            "object",
            "patternProperties",
            Shape.ordered("^p\\d{1,2}(\\.\\d{1,3})?$", Shape.text(Shape.DURATION)),
            "additionalProperties",
            false);
    Map<String, Object> slo =
        new Shape()
            .required(
                "availability",
                Shape.ordered(
                    "type",
                    List.of("string", "number"),
                    "pattern",
                    "^\\s*\\d{1,2}(\\.\\d{1,6})?\\s*%?\\s*$",
                    "exclusiveMinimum",
                    0,
                    "exclusiveMaximum",
                    100),
                "in percent, as 99.9")
            .optional("window", Shape.text(Shape.DURATION), "30d", "over which it is counted")
            .optional("total", quantiles, "time to the whole answer, by quantile, as {p99: 500ms}")
            .type();
    Map<String, Object> key =
        new Shape()
            .required("header", HEADER, "users with the same value stay on the same version")
            .type();
    Map<String, Object> traffic =
        new Shape()
            .optional("router", Shape.word(List.of("sluice")), "sluice", "what splits it")
            .optional("key", key, "without it each request is drawn for itself")
            .optional(
                "shadowSafe",
                Shape.listOf(OPERATION),
                "requests that may be copied, as POST /v1/embeddings")
            .optional("timeout", Shape.text(Shape.DURATION), "30s", "of an upstream")
            .optional(
                "answer",
                Shape.text("^(/([^~/]|~[01])*)+$"),
                "JSON Pointer of the result in an answer")
            .optional("admission", AdmissionShape.admission(), "what is let in")
            .optional("balance", BalanceReader.shape(), "how it is spread over replicas")
            .type();
    Map<String, Object> warm =
        new Shape()
            .optional(
                "previousFor",
                Shape.text(Shape.DURATION),
                "24h",
                "how long the previous version is kept loaded after a promotion")
            .optional(
                "proveEvery",
                Shape.text(Shape.DURATION),
                "30s",
                "how often a real inference proves it warm")
            .type();
    return new Shape()
        .required(
            "protocol",
            Shape.word(Arrays.stream(Protocol.values()).map(Protocol::word).toList()),
            "what its callers speak")
        .optional("stable", Shape.text(Shape.LABEL), "its first version; later promotions set it")
        .required("pipeline", Shape.text(Shape.LABEL), "what its releases pass")
        .required("slo", slo, "what is promised to callers")
        .required("placement", PlacementShape.type(), "how its versions run")
        .optional("traffic", traffic, "how its requests are routed")
        .optional("warm", warm, "how the way back is kept open")
        .optional("fallback", Shape.listOf(rungs()), "what answers below stable, in order")
        .type();
  }

  private static Map<String, Object> rungs() {
    return new Shape()
        .optional(
            "version",
            new Shape().required("name", Shape.text(Shape.LABEL), "a smaller local model").type(),
            "another version of the service")
        .optional(
            "provider",
            new Shape()
                .required("name", Shape.text(Shape.LABEL), "for reports")
                .required("url", Shape.text(), "its host among sluice.intake.provider-hosts")
                .type(),
            "an external provider")
        .optional(
            "rule",
            new Shape()
                .optional("status", Shape.count(200, 599), 200, "of the answer")
                .required("body", Map.of(), "of the answer, any JSON")
                .type(),
            "an answer that is always the same")
        .optional(
            "disabled",
            new Shape().required("message", Shape.text(), "to callers").type(),
            "the feature is off, and says so")
        .typeOfOne();
  }
}
