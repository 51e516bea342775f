package dev.sluice.intake.document;

import dev.sluice.model.AdmissionPolicy.Caps;
import dev.sluice.model.AdmissionPolicy.Concurrency;
import java.util.Map;

/** What {@link AdmissionReader} reads. */
final class AdmissionShape {
  private static final Map<String, Object> LANE = Shape.word(LaneReader.WORDS.keySet());

  private AdmissionShape() {}

  static Map<String, Object> admission() {
    Map<String, Object> concurrency =
        new Shape()
            .optional(
                "most",
                Shape.count(1, AdmissionReader.MOST_AT_A_REPLICA),
                Concurrency.SAFE.most(),
                "requests under way at one replica")
            .optional(
                "least",
                Shape.count(1, AdmissionReader.MOST_AT_A_REPLICA),
                Concurrency.SAFE.least(),
                "below which an adaptive limit doesn't go")
            .optional(
                "adaptive",
                Shape.truth(),
                false,
                "whether the limit follows how latency answers to load")
            .type();
    Map<String, Object> queue =
        new Shape()
            .optional(
                "depth",
                Shape.count(0, AdmissionReader.MOST_WAITING),
                0,
                "requests that may wait for a version")
            .optional(
                "wait",
                Shape.text(Shape.DURATION),
                Units.text(AdmissionReader.WAIT),
                "how long at most")
            .type();
    Map<String, Object> request =
        new Shape()
            .optional("bytes", Shape.bytes(), Units.text(Caps.SAFE.bytes()), "of a body")
            .optional(
                "inputTokens",
                Shape.count(1, AdmissionReader.MOST_TOKENS),
                "as estimated from the text; protocol openai")
            .optional(
                "outputTokens",
                Shape.count(1, AdmissionReader.MOST_TOKENS),
                "that a request may ask for, and then must say; protocol openai")
            .type();
    Map<String, Object> tenants =
        new Shape()
            .optional("header", ServiceShape.HEADER, "names a request's tenant")
            .optional(
                "named",
                Shape.listOf(
                    tenant(new Shape().required("name", Shape.text(), "as the header says"))),
                "tenants with rates of their own")
            .optional("others", tenant(new Shape()), "what all others have together")
            .type();
    return new Shape()
        .optional("concurrency", concurrency, "how many requests a version gets at once")
        .optional("queue", queue, "how many wait")
        .optional("request", request, "how large one may be")
        .optional("tenants", tenants, "who may send how much")
        .optional("lanes", lanes(), "who goes first")
        .type();
  }

  private static Map<String, Object> lanes() {
    Map<String, Object> route =
        new Shape()
            .required(
                "requests", Shape.filledListOf(ServiceShape.OPERATION), "as POST /v1/embeddings")
            .required("lane", LANE, "of all of them")
            .type();
    Shape shares = new Shape();
    LaneReader.WORDS
        .keySet()
        .forEach(lane -> shares.optional(lane, Shape.text(Shape.SHARE), "as 20%"));
    return new Shape()
        .optional("header", ServiceShape.HEADER, "in which a request asks for a lane")
        .optional("routes", Shape.listOf(route), "lanes by route; the first that fits")
        .optional("shares", shares.type(), "what each lane is sure of, together below 100%")
        .type();
  }

  private static Map<String, Object> tenant(Shape shape) {
    return shape
        .optional("requests", Shape.text(Shape.RATE), "as 50/s")
        .optional("tokens", Shape.text(Shape.RATE), "input and output, as 90000/m")
        .optional("lane", LANE, "of its requests, where their route has none")
        .optional("upTo", LANE, "the most urgent that they may ask for")
        .type();
  }
}
