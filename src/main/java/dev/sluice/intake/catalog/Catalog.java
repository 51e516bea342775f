package dev.sluice.intake.catalog;

import dev.sluice.gate.GateKinds;
import dev.sluice.intake.document.Document;
import dev.sluice.intake.document.Documents;
import dev.sluice.intake.document.GoldenReader;
import dev.sluice.intake.document.InvalidDocument;
import dev.sluice.intake.document.Syntax;
import dev.sluice.intake.document.Vocabulary;
import dev.sluice.model.Pipeline;
import dev.sluice.model.Problem;
import dev.sluice.model.QualityGate;
import dev.sluice.signal.GoldenSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What files declare: pipelines, quality gates, golden sets. All sound, or there is no catalog. */
public final class Catalog {
  private final SortedMap<String, Document.OfPipeline> pipelines = new TreeMap<>();
  private final SortedMap<String, Document.OfGate> gates = new TreeMap<>();
  private final SortedMap<String, GoldenSet> goldenSets = new TreeMap<>();
  private final GateKinds kinds;
  private final Set<String> providerHosts;
  private final Map<String, Path> origins = new HashMap<>();
  private final List<String> wrong = new ArrayList<>();

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
    Catalog catalog = new Catalog(kinds, providerHosts);
    catalog.read(gates, Integer.MAX_VALUE);
    catalog.read(pipelines, 1);
    if (!catalog.wrong.isEmpty()) {
      throw new IllegalStateException(
          "pipelines or gates can't be used:\n  " + String.join("\n  ", catalog.wrong));
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

  /** Every gate of every stage of a pipeline of this catalog, by name: what a release pins. */
  public Map<String, QualityGate> gatesOf(Pipeline pipeline) {
    return pipeline.stages().stream()
        .flatMap(stage -> stage.gates().stream())
        .distinct()
        .collect(Collectors.toMap(name -> name, name -> gate(name).orElseThrow()));
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

  private void read(Path directory, int depth) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> found = Files.walk(directory, depth)) {
      List<Path> files =
          found
              .filter(path -> path.toString().endsWith(".yaml"))
              .filter(Files::isRegularFile)
              .sorted()
              .toList();
      // gates of all files are known before any pipeline of this directory is read
      for (Path file : files) {
        read(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("can't list " + directory, e);
    }
  }

  private void read(Path file) {
    collecting(
        file,
        it -> {
          for (Document document :
              Documents.read(text(it), Syntax.ofFile(it.toString()), vocabulary())) {
            collecting(it, path -> add(document, path));
          }
        });
  }

  private void add(Document document, Path file) {
    Path before = origins.putIfAbsent(document.kind() + "/" + document.name(), file);
    if (before != null) {
      throw new InvalidDocument(
          false,
          List.of(
              new Problem(
                  "metadata.name",
                  0,
                  0,
                  document.kind() + " '" + document.name() + "' is in " + before + " already")));
    }
    switch (document) {
      case Document.OfPipeline pipeline -> pipelines.put(pipeline.name(), pipeline);
      case Document.OfGate gate -> gates.put(gate.name(), gate);
      case Document.OfGolden golden -> {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
          goldenSets.put(golden.name(), GoldenReader.load(golden, directory));
        }
      }
      case Document.OfService service -> throw misplaced(service);
      case Document.OfVersion version -> throw misplaced(version);
    }
  }

  private static InvalidDocument misplaced(Document document) {
    return new InvalidDocument(
        false,
        List.of(
            new Problem("kind", 0, 0, document.kind() + " is registered over REST, not by file")));
  }

  private void collecting(Path file, Consumer<Path> work) {
    try {
      work.accept(file);
    } catch (InvalidDocument e) {
      e.problems().forEach(problem -> wrong.add(file + ":" + problem));
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new InvalidDocument(true, List.of(new Problem("", 0, 0, "can't be read: " + e)));
    }
  }
}
