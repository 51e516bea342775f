package dev.sluice.intake.document;

import dev.sluice.model.ModelVersion;
import dev.sluice.model.ServiceName;
import dev.sluice.model.VersionName;
import dev.sluice.signal.AnswerSchema;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code kind: ModelVersion}. */
final class VersionReader {
  private static final String HERE = "on platform process";
  private static final Pattern PINNED = Pattern.compile(".+@sha256:[0-9a-f]{64}");

  private VersionReader() {}

  static Document.@Nullable OfVersion read(Head head) {
    Fields spec = head.spec();
    Problems problems = head.problems();
    int before = problems.count();
    String service = spec.label("service");
    String image = spec.textOrNull("image");
    if (image != null && !image.isBlank() && !PINNED.matcher(image).matches()) {
      spec.wrong("image", "must be pinned by digest, name@sha256:…, was '" + image + "'");
    }
    ModelVersion.Artifact model = artifact(spec.requiredObject("model"), spec.has("model"));
    ModelVersion.Artifact tokenizer = artifact(spec.object("tokenizer"), spec.has("tokenizer"));
    Fields contractFields = spec.object("contract");
    String request = schema(contractFields, "request");
    String response = schema(contractFields, "response");
    contractFields.notYet("contextLength", HERE);
    contractFields.end();
    Fields needs = spec.object("resources");
    int gpus = needs.count("gpus", 0, 1_024, 0);
    long gpuMemoryPeak = needs.bytes("gpuMemoryPeak", 0);
    long hostMemory = needs.bytes("hostMemory", 0);
    needs.end();
    Fields warm = spec.object("warmup");
    int requests = warm.count("requests", 0, 1_000_000, 0);
    Duration time = warm.duration("time", Duration.ZERO);
    warm.end();
    List<String> arguments = spec.texts("arguments");
    Map<String, String> source = spec.textMap("source");
    spec.end();
    if (!head.sound() || problems.count() > before) {
      return null;
    }
    return new Document.OfVersion(
        new ModelVersion(
            new VersionName(head.name()),
            new ServiceName(service),
            image,
            model,
            spec.has("tokenizer") ? tokenizer : null,
            new ModelVersion.Contract(request, response),
            new ModelVersion.Resources(gpus, gpuMemoryPeak, hostMemory),
            new ModelVersion.Warmup(requests, time),
            arguments,
            source,
            Json.digest(head.json())),
        head.json());
  }

  private static ModelVersion.Artifact artifact(Fields fields, boolean present) {
    if (!present) {
      return new ModelVersion.Artifact(URI.create(""), "");
    }
    ModelVersion.Artifact read =
        new ModelVersion.Artifact(fields.uri("uri"), fields.digest("digest"));
    fields.notYet("chatTemplate", HERE);
    fields.end();
    return read;
  }

  private static @Nullable String schema(Fields fields, String key) {
    Node node = fields.node(key);
    if (node == null) {
      return null;
    }
    if (!(node instanceof Node.Mapping)) {
      fields.wrong(key, "must be a JSON Schema, was " + node.what());
      return null;
    }
    String text = Json.text(node);
    try {
      AnswerSchema unused = new AnswerSchema(text);
    } catch (IllegalArgumentException e) {
      // found out later it would stand in the way of every write of the route
      fields.wrong(key, String.valueOf(e.getMessage()));
    }
    return text;
  }
}
