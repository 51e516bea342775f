package dev.sluice.gate;

import dev.sluice.model.Problem;
import dev.sluice.signal.metrics.Engine;
import dev.sluice.signal.metrics.MetricSignals;
import dev.sluice.signal.metrics.MetricSignals.Exporter;
import dev.sluice.signal.metrics.Quantity;
import dev.sluice.signal.promql.Template;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where a gate's measurements come from: its parameter {@code signal}. */
sealed interface Origin {
  /** The places a selector may have, and the one it must have: whose series they are. */
  Set<String> PLACES = Set.of("version", "service");

  Set<String> VERSION = Set.of("version");

  /** What is wrong with it where it is to be used: a source that isn't set up. */
  default List<Problem> submittable(MetricSignals metrics) {
    if (!(this instanceof Metrics from)) {
      return List.of();
    }
    if (from.prometheus() != null && !metrics.names().contains(from.prometheus())) {
      return List.of(unknown("signal.prometheus.source", from.prometheus(), metrics));
    }
    int port = from.exporter().port();
    return port == 0 || metrics.exporterPorts().contains(port)
        ? List.of()
        : List.of(
            new Problem(
                "signal.exporter.port",
                0,
                0,
                "must be one of sluice.signal.exporter-ports (%s), was %s"
                    .formatted(metrics.exporterPorts(), port)));
  }

  static Problem unknown(String path, String source, MetricSignals metrics) {
    return new Problem(
        path,
        0,
        0,
        "no sluice.signal.prometheus.%s.url is set; there are: %s"
            .formatted(
                source, metrics.names().isEmpty() ? "none" : String.join(", ", metrics.names())));
  }

  /** For a report: what it is, and which series; {@code own} where it is no metrics. */
  default String told(String own) {
    return switch (this) {
      case Own plain -> own;
      case Metrics metrics ->
          (metrics.prometheus() == null
                  ? "the replicas' own " + metrics.exporter().path()
                  : "Prometheus " + metrics.prometheus())
              + metrics.selectors().entrySet().stream()
                  .sorted(Map.Entry.comparingByKey())
                  .map(e -> e.getKey().key() + ": " + e.getValue().text())
                  .collect(Collectors.joining("; ", " (", ")"));
    };
  }

  /** What the data plane or the platform sees by itself. */
  record Own() implements Origin {}

  /**
   * Metrics that servers publish.
   *
   * @param prometheus the name of the Prometheus that has them; null: read off the replicas
   * @param selectors of series, for each version
   * @param staleAfter without a newer sample for so long, nothing counts
   */
  record Metrics(
      @Nullable String prometheus,
      Exporter exporter,
      Map<Quantity, Template> selectors,
      Duration staleAfter)
      implements Origin {
    public Metrics {
      selectors = Map.copyOf(selectors);
    }

    /** Only the series of one quantity, taken for another. */
    Metrics as(Quantity quantity, Quantity measured) {
      Template selector = selectors.get(measured);
      return new Metrics(
          prometheus,
          exporter,
          selector == null ? Map.of() : Map.of(quantity, selector),
          staleAfter);
    }

    boolean has(Quantity quantity) {
      return selectors.containsKey(quantity);
    }
  }

  /** Reads {@code signal} of a gate that nothing but the router's observations can feed. */
  static Origin router(Parameters p) {
    p.word("signal", "router", Set.of("router"), "where the measurements come from");
    return new Own();
  }

  /**
   * Reads {@code signal}: a word, or one of {@code prometheus: {source: NAME, …}} and {@code
   * exporter: {…}}.
   *
   * @param own the word for what the gate reads without any metrics; empty if it can't
   * @param quantities that it can use, each a key
   */
  static Origin read(Parameters p, String own, Set<Quantity> quantities) {
    String what = "where the measurements come from; metrics name their series";
    Parameters signal =
        own.isEmpty() ? p.requiredNested("signal", what) : p.nestedOrWord("signal", own, what);
    boolean prometheus = signal.has("prometheus");
    boolean exporter = signal.has("exporter");
    boolean metrics = prometheus || exporter || !signal.isEmpty();
    if (metrics && prometheus == exporter) {
      signal.wrong("", "must have prometheus or exporter in it, and not both");
    }
    Metrics scraped =
        prometheus(
            signal.nested("prometheus", "series that a Prometheus has"), prometheus, quantities);
    Metrics published =
        exporter(
            signal.nested("exporter", "series that the replicas publish"), exporter, quantities);
    return prometheus ? scraped : exporter ? published : new Own();
  }

  private static Metrics prometheus(Parameters from, boolean there, Set<Quantity> quantities) {
    String source =
        from.text("source", "", "its name, as in the setting sluice.signal.prometheus.<name>.url");
    if (there && !from.has("source")) {
      from.wrong("source", "must name a Prometheus of sluice.signal.prometheus");
    }
    String label =
        from.text(
            "versionLabel",
            "version",
            "the label that tells versions apart in an engine's metrics");
    return new Metrics(
        source,
        Exporter.OWN,
        selectors(from, label, false, quantities),
        staleAfter(from, Duration.ofSeconds(60)));
  }

  private static Metrics exporter(Parameters from, boolean there, Set<Quantity> quantities) {
    int port =
        from.count(
            "port",
            0,
            0,
            65_535,
            "on the replica's host, one of sluice.signal.exporter-ports; 0: the replica's own");
    String path = from.text("path", "/metrics", "where it is published");
    if (there && !path.matches("/[A-Za-z0-9._~/-]*")) {
      from.wrong("path", "must be a path such as /metrics, was '" + path + "'");
    }
    return new Metrics(
        null,
        new Exporter(port, path),
        selectors(from, "version", true, quantities),
        staleAfter(from, Duration.ofSeconds(10)));
  }

  private static Duration staleAfter(Parameters from, Duration otherwise) {
    return from.duration(
        "staleAfter",
        otherwise,
        Duration.ofHours(1),
        "without a newer sample for so long, inconclusive");
  }

  /**
   * @param labelled whether series are labelled by version without being asked
   */
  private static Map<Quantity, Template> selectors(
      Parameters from, String label, boolean labelled, Set<Quantity> quantities) {
    Set<String> words = new TreeSet<>(Set.of("none"));
    for (Engine engine : Engine.values()) {
      words.add(engine.word());
    }
    String word = from.word("engine", "none", words, "whose metrics they are, where known by name");
    Map<Quantity, Template> selectors = new EnumMap<>(Quantity.class);
    for (Quantity quantity : new TreeSet<>(quantities)) {
      String own =
          from.text(
              quantity.key(),
              "",
              "selector of series, with {{version}} in a label: " + quantity.meaning());
      String known = word.equals("none") ? "" : known(word, quantity, label);
      String text = own.isEmpty() ? known : own;
      if (text.isEmpty()) {
        continue;
      }
      boolean says = new Template(text).places().contains("version");
      Template template = new Template(labelled && !says ? withVersion(text, "version") : text);
      List<String> wrong = template.problems(PLACES, VERSION);
      wrong.forEach(problem -> from.wrong(quantity.key(), problem));
      if (wrong.isEmpty() && !ArmSeries.isSelector(template)) {
        from.wrong(
            quantity.key(),
            "must be a plain selector of series such as name{version=\"{{version}}\"}, was '"
                + text
                + "'");
      } else if (wrong.isEmpty()) {
        selectors.put(quantity, template);
      }
    }
    return selectors;
  }

  /** What the engine publishes under that meaning, or its process does; empty if neither does. */
  private static String known(String engine, Quantity quantity, String label) {
    return Engine.valueOf(engine.toUpperCase(Locale.ROOT))
        .metric(quantity)
        .or(() -> Engine.PROCESS.metric(quantity))
        .map(metric -> withVersion(metric, label))
        .orElse("");
  }

  private static String withVersion(String metric, String label) {
    String matcher = label + "=\"{{version}}\"";
    int brace = metric.lastIndexOf('}');
    if (brace < 0) {
      return metric + "{" + matcher + "}";
    }
    String before = metric.substring(0, brace).stripTrailing();
    return before + (before.endsWith("{") || before.endsWith(",") ? "" : ",") + matcher + "}";
  }
}
