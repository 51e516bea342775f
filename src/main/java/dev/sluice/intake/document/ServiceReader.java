package dev.sluice.intake.document;

import dev.sluice.model.AdmissionPolicy;
import dev.sluice.model.BalancePolicy;
import dev.sluice.model.FallbackLadder;
import dev.sluice.model.ModelService;
import dev.sluice.model.Protocol;
import dev.sluice.model.ServiceName;
import dev.sluice.model.VersionName;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code kind: ModelService}. */
final class ServiceReader {
  private static final String HERE = "on platform process";
  private static final Pattern OPERATION = Pattern.compile("[A-Z]{3,10} /\\S*");
  private static final Pattern POINTER = Pattern.compile("(/([^~/]|~[01])*)*");
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}");
  private static final Pattern QUANTILE = Pattern.compile("p(\\d{1,2}(\\.\\d{1,3})?)");
  private static final Map<String, Protocol> PROTOCOLS = new LinkedHashMap<>();

  static {
    for (Protocol protocol : Protocol.values()) {
      PROTOCOLS.put(protocol.word(), protocol);
    }
  }

  private ServiceReader() {}

  static Document.@Nullable OfService read(Head head, Vocabulary vocabulary) {
    Fields spec = head.spec();
    Problems problems = head.problems();
    int before = problems.count();
    spec.text("protocol");
    Protocol protocol = spec.word("protocol", PROTOCOLS, Protocol.HTTP_JSON);
    String stable = spec.labelOrNull("stable");
    String pipeline = spec.label("pipeline");
    ModelService.@Nullable Slo slo = slo(spec.requiredObject("slo"), spec.has("slo"), problems);
    ModelService.@Nullable Placement placement =
        PlacementReader.read(spec.requiredObject("placement"), spec.has("placement"), problems);
    ModelService.@Nullable TrafficPolicy traffic =
        traffic(spec.object("traffic"), protocol, problems);
    Fields warm = spec.object("warm");
    Duration previousFor = warm.duration("previousFor", Duration.ofHours(24));
    Duration proveEvery = warm.span("proveEvery", Duration.ofSeconds(30));
    warm.end();
    FallbackLadder ladder =
        LadderReader.read(
            spec.list("fallback"), spec.path("fallback"), vocabulary.providerHosts(), problems);
    spec.end();
    if (!head.sound()
        || problems.count() > before
        || slo == null
        || placement == null
        || traffic == null) {
      return null;
    }
    return new Document.OfService(
        new ModelService(
            new ServiceName(head.name()),
            head.labels(),
            protocol,
            stable == null ? null : new VersionName(stable),
            pipeline,
            slo,
            placement,
            traffic,
            new ModelService.Warm(previousFor, proveEvery),
            ladder),
        head.json());
  }

  private static ModelService.@Nullable Slo slo(Fields slo, boolean present, Problems problems) {
    if (!present) {
      return null;
    }
    int before = problems.count();
    double availability = availability(slo);
    Duration window = slo.span("window", Duration.ofDays(30));
    slo.notYet("firstToken", HERE);
    Map<Double, Duration> latency = new LinkedHashMap<>();
    Fields total = slo.object("total");
    for (Node.Entry entry : total.entries()) {
      var quantile = QUANTILE.matcher(entry.key());
      if (quantile.matches() && new BigDecimal(quantile.group(1)).signum() > 0) {
        latency.put(
            new BigDecimal(quantile.group(1)).movePointLeft(2).doubleValue(),
            total.span(entry.key(), Duration.ZERO));
      } else {
        problems.add(
            total.path(entry.key()),
            entry.at(),
            "must be a quantile like p50, p99 or p99.9, was '" + entry.key() + "'");
      }
    }
    slo.end();
    return problems.count() > before ? null : new ModelService.Slo(availability, window, latency);
  }

  /** In percent: {@code 99.9} or {@code 99.9%}. */
  private static double availability(Fields slo) {
    Node node = slo.node("availability");
    String text = node instanceof Node.Scalar scalar ? scalar.text().replace("%", "").strip() : "";
    if (node == null) {
      slo.wrong("availability", "is missing");
    } else if (text.matches("\\d{1,2}(\\.\\d{1,6})?")) {
      double share = new BigDecimal(text).movePointLeft(2).doubleValue();
      if (share > 0) {
        return share;
      }
      slo.wrong("availability", "must be above 0%");
    } else {
      slo.wrong(
          "availability", "must be above 0 and below 100, in percent as 99.9, was " + node.what());
    }
    return 0.5;
  }

  private static ModelService.@Nullable TrafficPolicy traffic(
      Fields traffic, Protocol protocol, Problems problems) {
    int before = problems.count();
    traffic.notYet("route", HERE + ": router: sluice is");
    String router = traffic.text("router", "sluice");
    if (!router.isEmpty() && !router.equals("sluice")) {
      traffic.wrong("router", "must be sluice, was '" + router + "'");
    }
    Fields key = traffic.object("key");
    String header = header(key, "header");
    if (traffic.has("key") && header == null) {
      key.wrong("header", "is missing");
    }
    key.end();
    List<String> shadowSafe = operations(traffic, "shadowSafe");
    Duration timeout = traffic.span("timeout", Duration.ofSeconds(30));
    String answer = traffic.textOrNull("answer");
    if (answer != null && !POINTER.matcher(answer).matches()) {
      traffic.wrong("answer", "must be a JSON Pointer like /outputs/0, was '" + answer + "'");
    }
    AdmissionPolicy admission =
        AdmissionReader.read(traffic.object("admission"), protocol, problems);
    BalancePolicy balance = BalanceReader.read(traffic.object("balance"), problems);
    traffic.end();
    return problems.count() > before || admission == null || balance == null
        ? null
        : new ModelService.TrafficPolicy(
            router, header, shadowSafe, timeout, answer, admission, balance);
  }

  /** Methods with their paths. */
  static List<String> operations(Fields fields, String key) {
    List<String> texts = fields.texts(key);
    for (int i = 0; i < texts.size(); i++) {
      if (!OPERATION.matcher(texts.get(i)).matches()) {
        fields.wrong(
            key + "[" + i + "]",
            "must be a method and a path, as POST /v1/embeddings, was '" + texts.get(i) + "'");
      }
    }
    return texts;
  }

  /** The name of a header; null where the key is missing. */
  static @Nullable String header(Fields fields, String key) {
    String header = fields.textOrNull(key);
    if (header != null && !header.isBlank() && !HEADER.matcher(header).matches()) {
      fields.wrong(key, "must be the name of a header, was '" + header + "'");
    }
    return header;
  }
}
