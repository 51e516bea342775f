package dev.sluice.sample.training;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * Splits the source file into the three parts that are committed: within each class the rows are
 * shuffled with a fixed seed, the first 45 % are for training, the next 17 % golden, the rest
 * traffic.
 */
final class SplitDigits {
  private static final long SEED = 1998;

  private SplitDigits() {}

  record Parts(List<Digit> training, List<Digit> golden, List<Digit> traffic) {}

  /** The rule; each part in the order of the source's rows, whatever the order of {@code all}. */
  static Parts split(List<Digit> all) {
    List<Digit> training = new ArrayList<>();
    List<Digit> golden = new ArrayList<>();
    List<Digit> traffic = new ArrayList<>();
    Random random = new Random(SEED);
    List<Digit> inOrder = new ArrayList<>(all);
    inOrder.sort(Comparator.comparingInt(Digit::row));
    inOrder.stream()
        .collect(groupingBy(Digit::label, TreeMap::new, toList()))
        .values()
        .forEach(
            ofClass -> {
              List<Digit> shuffled = new ArrayList<>(ofClass);
              Collections.shuffle(shuffled, random);
              int first = (int) Math.round(shuffled.size() * 0.45);
              int second = first + (int) Math.round(shuffled.size() * 0.17);
              training.addAll(shuffled.subList(0, first));
              golden.addAll(shuffled.subList(first, second));
              traffic.addAll(shuffled.subList(second, shuffled.size()));
            });
    for (List<Digit> part : List.of(training, golden, traffic)) {
      part.sort(Comparator.comparingInt(Digit::row));
    }
    return new Parts(List.copyOf(training), List.copyOf(golden), List.copyOf(traffic));
  }

  /** Writes the three parts of the (unpacked) source file named by the one argument. */
  public static void main(String[] args) throws IOException {
    List<Digit> all = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(args[0]))) {
      all.add(Digit.source(all.size(), line));
    }
    Parts parts = split(all);
    write("training", parts.training());
    Files.write(
        Digit.HOME.resolve(Digit.GOLDEN + ".jsonl"),
        parts.golden().stream().map(Digit::goldenLine).toList());
    write("traffic", parts.traffic());
  }

  private static void write(String name, List<Digit> part) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(Digit.HEADER);
    part.forEach(d -> lines.add(d.row() + "," + d.sourceLine()));
    Files.write(Digit.HOME.resolve(name + ".csv"), lines);
  }
}
