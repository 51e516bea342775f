package dev.sluice.intake.document;

import dev.sluice.model.ModelVersion;
import dev.sluice.model.ModelVersion.Promise;
import dev.sluice.model.ServiceName;
import dev.sluice.model.VersionName;
import dev.sluice.signal.AnswerSchema;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code kind: ModelVersion}. */
final class VersionReader {
  private static final Pattern PINNED = Pattern.compile(".+@sha256:[0-9a-f]{64}");

  static final Map<String, Promise> PROMISES = new LinkedHashMap<>();

  static {
    for (Promise promise : Promise.values()) {
      PROMISES.put(promise.word(), promise);
    }
  }

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
    Fields modelFields = spec.requiredObject("model");
    ModelVersion.Artifact model = artifact(modelFields, spec.has("model"));
    modelFields.end();
    Fields tokenizerFields = spec.object("tokenizer");
    ModelVersion.Artifact tokenizer = artifact(tokenizerFields, spec.has("tokenizer"));
    String template = tokenizerFields.digestOrNull("chatTemplate");
    tokenizerFields.end();
    Fields contractFields = spec.object("contract");
    String request = schema(contractFields, "request");
    String response = schema(contractFields, "response");
    int contextLength = contractFields.count("contextLength", 0, 1_000_000_000, 0);
    Set<Promise> changes = changes(contractFields, problems);
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
            new ModelVersion.Contract(request, response, contextLength, template, changes),
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
    return read;
  }

  private static Set<Promise> changes(Fields contract, Problems problems) {
    Set<Promise> changes = EnumSet.noneOf(Promise.class);
    List<Node> items = contract.list("changes");
    for (int i = 0; i < items.size(); i++) {
      String path = contract.path("changes") + "[" + i + "]";
      String word = Fields.textOf(items.get(i), path, problems);
      Promise promise = word == null ? null : PROMISES.get(word);
      if (promise != null) {
        changes.add(promise);
      } else if (word != null) {
        problems.add(
            path,
            items.get(i).at(),
            "must be one of " + String.join(", ", PROMISES.keySet()) + ", was '" + word + "'");
      }
    }
    return changes;
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
