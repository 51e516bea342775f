package dev.sluice.intake.catalog;

import dev.sluice.gate.GateKinds;
import dev.sluice.intake.document.Document;
import dev.sluice.intake.document.Documents;
import dev.sluice.intake.document.Reading;
import dev.sluice.intake.document.Source;
import dev.sluice.intake.document.Vocabulary;
import dev.sluice.model.Pipeline;
import dev.sluice.model.QualityGate;
import dev.sluice.signal.GoldenSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What files declare: pipelines, quality gates, golden sets. All sound, or there is no catalog. */
public final class Catalog {
  private final SortedMap<String, Document.OfPipeline> pipelines = new TreeMap<>();
  private final SortedMap<String, Document.OfGate> gates = new TreeMap<>();
  private final SortedMap<String, GoldenSet> goldenSets = new TreeMap<>();
  private final GateKinds kinds;
  private final Set<String> providerHosts;

  private Catalog(GateKinds kinds, Set<String> providerHosts) {
    this.kinds = kinds;
    this.providerHosts = Set.copyOf(providerHosts);
  }

  /**
   * Reads every {@code *.yaml} below {@code gates}, then every one in {@code pipelines}. A
   * directory that isn't there declares nothing.
   *
   * @throws IllegalStateException with everything that is wrong with any file, a line each
   */
  public static Catalog load(
      Path pipelines, Path gates, GateKinds kinds, Set<String> providerHosts) {
    List<Path> files = new ArrayList<>(gateFiles(gates));
    files.addAll(pipelineFiles(pipelines));
    List<String> wrong = new ArrayList<>();
    List<Source> sources = new ArrayList<>();
    for (Path file : files) {
      try {
        sources.add(Source.file(file));
      } catch (IOException e) {
        wrong.add(file + ": can't be read: " + e);
      }
    }
    Reading reading =
        Documents.read(sources, new Vocabulary(kinds, Map.of(), Set.of(), providerHosts));
    reading.problems().forEach((file, found) -> found.forEach(p -> wrong.add(file + ":" + p)));
    Catalog catalog = new Catalog(kinds, providerHosts);
    for (Reading.Found found : reading.documents()) {
      if (!catalog.add(found.document())) {
        wrong.add(
            found.source()
                + ": "
                + found.document().kind()
                + " is registered over REST, not by file");
      }
    }
    if (!wrong.isEmpty()) {
      throw new IllegalStateException(
          "pipelines or gates can't be used:\n  " + String.join("\n  ", wrong));
    }
    return catalog;
  }

  /** Every pipeline with its document, by name. */
  public Collection<Document.OfPipeline> pipelines() {
    return Collections.unmodifiableCollection(pipelines.values());
  }

  /** The pipeline of that name. */
  public Optional<Pipeline> pipeline(String name) {
    return Optional.ofNullable(pipelines.get(name)).map(Document.OfPipeline::value);
  }

  /** Every gate with its document, by name. */
  public Collection<Document.OfGate> gates() {
    return Collections.unmodifiableCollection(gates.values());
  }

  /** The gate of that name. */
  public Optional<QualityGate> gate(String name) {
    return Optional.ofNullable(gates.get(name)).map(Document.OfGate::value);
  }

  /**
   * Every gate of every stage of a pipeline of this catalog, by name, with whatever it inherits and
   * the weight the pipeline gives it: what a release pins.
   */
  public Map<String, QualityGate> gatesOf(Pipeline pipeline) {
    return Objects.requireNonNull(pipelines.get(pipeline.name()), pipeline.name())
        .gates(name -> gate(name).orElseThrow());
  }

  /** The golden set of that name, its items read and their digest checked. */
  public Optional<GoldenSet> goldenSet(String name) {
    return Optional.ofNullable(goldenSets.get(name));
  }

  /** What a document may refer to, as things stand here. */
  public Vocabulary vocabulary() {
    return new Vocabulary(
        kinds,
        gates.values().stream()
            .collect(Collectors.toMap(Document.OfGate::name, Document.OfGate::value)),
        goldenSets.keySet(),
        providerHosts);
  }

  /** Every {@code *.yaml} of a directory and those below it. */
  static List<Path> gateFiles(Path directory) {
    return yaml(directory, Integer.MAX_VALUE);
  }

  /** Every {@code *.yaml} of a directory itself. */
  static List<Path> pipelineFiles(Path directory) {
    return yaml(directory, 1);
  }

  private static List<Path> yaml(Path directory, int depth) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> found = Files.walk(directory, depth)) {
      return found
          .filter(path -> path.toString().endsWith(".yaml"))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("can't list " + directory, e);
    }
  }

  /** Whether a document of that kind may be declared by a file. */
  private boolean add(Document document) {
    return switch (document) {
      case Document.OfPipeline pipeline -> {
        pipelines.put(pipeline.name(), pipeline);
        yield true;
      }
      case Document.OfGate gate -> {
        gates.put(gate.name(), gate);
        yield true;
      }
      case Document.OfGolden golden -> {
        if (golden.value() != null) {
          goldenSets.put(golden.name(), golden.value());
        }
        yield true;
      }
      case Document.OfService service -> false;
      case Document.OfVersion version -> false;
    };
  }
}
