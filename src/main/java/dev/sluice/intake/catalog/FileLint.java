package dev.sluice.intake.catalog;

import dev.sluice.gate.GateKinds;
import dev.sluice.intake.document.Document;
import dev.sluice.intake.document.Documents;
import dev.sluice.intake.document.Reading;
import dev.sluice.intake.document.Source;
import dev.sluice.intake.document.Syntax;
import dev.sluice.intake.document.Vocabulary;
import dev.sluice.model.Problem;
import dev.sluice.model.QualityGate;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Checks files as a server reads them at its start, without a server. They may refer to each other
 * and to the pipelines, gates and golden sets that come with Sluice; one of the same name takes the
 * place of what comes with it. Which sources of metrics are set up only a server knows.
 */
public final class FileLint {
  /** Stands for standard input among paths. */
  public static final String STANDARD_INPUT = "-";

  private final List<Path> gates;
  private final List<Path> pipelines;
  private final GateKinds kinds;
  private final Set<String> providerHosts;

  private FileLint(
      List<Path> gates, List<Path> pipelines, GateKinds kinds, Set<String> providerHosts) {
    this.gates = gates;
    this.pipelines = pipelines;
    this.kinds = kinds;
    this.providerHosts = providerHosts;
  }

  /**
   * Beside the files that come with Sluice.
   *
   * @param root where Sluice was checked out or installed
   * @param providerHosts hosts that a fallback to an external provider may name
   */
  public static FileLint in(Path root, Set<String> providerHosts) {
    return new FileLint(
        Catalog.gateFiles(root.resolve("quality-gates")),
        Catalog.pipelineFiles(root.resolve("pipelines")),
        new GateKinds(GateKinds.shipped(providerHosts)),
        providerHosts);
  }

  /**
   * Every file with what is wrong with it, in the order given; an empty list: it is sound. Files
   * that come with Sluice, or hold a golden set's items, are there only if something is wrong with
   * them.
   *
   * @param paths files; directories, of which every {@code *.yaml} below is read; or {@link
   *     #STANDARD_INPUT}
   */
  public SequencedMap<String, List<Problem>> check(List<String> paths) {
    Declared declared = declared(paths);
    // last: a gate that takes the place of one that comes with Sluice must suit its pipelines, too
    Set<Path> given =
        declared.problems().keySet().stream()
            .map(file -> real(Path.of(file)))
            .collect(Collectors.toSet());
    SequencedMap<String, List<Problem>> found = new LinkedHashMap<>(declared.problems());
    found.putAll(
        Documents.read(
                except(given, pipelines),
                new Vocabulary(kinds, declared.known(), declared.goldenSets(), providerHosts))
            .problems());
    return found;
  }

  /**
   * What files declare, as far as it is sound.
   *
   * @param problems as {@link #check} has them, but for those of pipelines that come with Sluice
   * @param gates by the files themselves
   * @param pipelines by the files themselves
   * @param known every gate that a pipeline may name, by name
   * @param goldenSets every golden set that it may name
   */
  public record Declared(
      SequencedMap<String, List<Problem>> problems,
      List<QualityGate> gates,
      List<Document.OfPipeline> pipelines,
      Map<String, QualityGate> known,
      Set<String> goldenSets) {
    /** Whether nothing is wrong with any file. */
    public boolean isSound() {
      return problems.values().stream().allMatch(List::isEmpty);
    }

    /** Every gate of a pipeline, by name: what a release would pin. */
    public Map<String, QualityGate> gatesOf(Document.OfPipeline pipeline) {
      return pipeline.gates(name -> Objects.requireNonNull(known.get(name), name));
    }
  }

  /** Reads files as {@link #check} does. */
  public Declared declared(List<String> paths) {
    SequencedMap<String, List<Problem>> found = new LinkedHashMap<>();
    Set<Path> given = new HashSet<>();
    List<Source> sources = new ArrayList<>();
    for (String path : paths) {
      for (String file : files(path, found)) {
        if (!found.containsKey(file)) {
          found.put(file, List.of());
          read(file, sources, found);
          given.add(real(Path.of(file)));
        }
      }
    }
    Reading shippedGates =
        Documents.read(
            except(given, gates), new Vocabulary(kinds, Map.of(), Set.of(), providerHosts));
    Reading files = Documents.read(sources, vocabulary(shippedGates));
    found.putAll(shippedGates.problems());
    found.putAll(files.problems());
    Vocabulary names = vocabulary(shippedGates, files);
    return new Declared(
        found,
        files.documents().stream()
            .map(Reading.Found::document)
            .filter(Document.OfGate.class::isInstance)
            .map(gate -> ((Document.OfGate) gate).value())
            .toList(),
        files.documents().stream()
            .map(Reading.Found::document)
            .filter(Document.OfPipeline.class::isInstance)
            .map(Document.OfPipeline.class::cast)
            .toList(),
        names.gates(),
        names.goldenSets());
  }

  private static List<String> files(String path, Map<String, List<Problem>> found) {
    if (path.equals(STANDARD_INPUT) || !Files.isDirectory(Path.of(path))) {
      return List.of(path);
    }
    List<String> files = Catalog.gateFiles(Path.of(path)).stream().map(Path::toString).toList();
    if (files.isEmpty()) {
      found.put(path, List.of(problem("must be a file or a directory with *.yaml files in it")));
    }
    return files;
  }

  private static void read(String file, List<Source> sources, Map<String, List<Problem>> found) {
    try {
      sources.add(
          file.equals(STANDARD_INPUT)
              ? new Source(
                  file,
                  new String(System.in.readAllBytes(), StandardCharsets.UTF_8),
                  Syntax.YAML,
                  null)
              : Source.file(Path.of(file)));
    } catch (NoSuchFileException e) {
      found.put(file, List.of(problem("is no file")));
    } catch (CharacterCodingException e) {
      found.put(file, List.of(problem("must be UTF-8")));
    } catch (IOException e) {
      found.put(file, List.of(problem("can't be read: " + e)));
    }
  }

  private static Problem problem(String message) {
    return new Problem("", 0, 0, message);
  }

  private static List<Source> except(Set<Path> given, List<Path> shipped) {
    List<Source> sources = new ArrayList<>();
    for (Path file : shipped) {
      if (!given.contains(real(file))) {
        read(file.toString(), sources, new HashMap<>());
      }
    }
    return sources;
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      return file.toAbsolutePath().normalize();
    }
  }

  /** Of what was read; the later takes the place of the earlier. */
  private Vocabulary vocabulary(Reading... readings) {
    Map<String, QualityGate> known = new HashMap<>();
    Set<String> goldenSets = new HashSet<>();
    for (Reading reading : readings) {
      for (Reading.Found found : reading.documents()) {
        switch (found.document()) {
          case Document.OfGate gate -> known.put(gate.name(), gate.value());
          case Document.OfGolden golden -> goldenSets.add(golden.name());
          case Document.OfPipeline pipeline -> {}
          case Document.OfService service -> {}
          case Document.OfVersion version -> {}
        }
      }
    }
    return new Vocabulary(kinds, known, goldenSets, providerHosts);
  }
}
