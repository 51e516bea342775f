package dev.sluice.sample.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One handwritten digit.
 *
 * @param row its line in the source file, counted from 0: its identity
 * @param pixels 64 grey values 0..16, row by row from the top left
 * @param label 0..9
 */
public record Digit(int row, List<Integer> pixels, int label) {
  /** How many pixels a digit has. */
  public static final int PIXELS = 64;

  public static final Path HOME = Path.of("quality-gates/golden/digits");

  static final String GOLDEN = "golden";
  private static final String ID = "digit-";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The first line of a part's file. */
  static final String HEADER =
      IntStream.range(0, PIXELS)
          .mapToObj(i -> "pixel" + i)
          .collect(Collectors.joining(",", "row,", ",label"));

  public Digit {
    pixels = List.copyOf(pixels);
    if (pixels.size() != PIXELS || pixels.stream().anyMatch(p -> p < 0 || p > 16)) {
      throw new IllegalArgumentException(
          "row " + row + " must have 64 pixels of 0..16, had " + pixels);
    }
    if (label < 0 || label > 9) {
      throw new IllegalArgumentException("row " + row + " must be labelled 0..9, was " + label);
    }
  }

  /** The digits of one committed part: {@code training}, {@code golden} or {@code traffic}. */
  public static List<Digit> part(String name) {
    if (name.equals(GOLDEN)) {
      return golden();
    }
    Path file = HOME.resolve(name + ".csv");
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .skip(1)
          .map(
              line -> {
                int comma = line.indexOf(',');
                return source(
                    Integer.parseInt(line.substring(0, comma)), line.substring(comma + 1));
              })
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The golden part is kept as the requests it is asked by, and nowhere else. */
  private static List<Digit> golden() {
    try (Stream<String> lines = Files.lines(HOME.resolve(GOLDEN + ".jsonl"))) {
      return lines.map(Digit::asked).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Digit asked(String line) {
    try {
      JsonNode item = JSON.readTree(line);
      List<Integer> pixels = new ArrayList<>();
      item.at("/request/inputs/0/data").forEach(pixel -> pixels.add(pixel.intValue()));
      return new Digit(
          Integer.parseInt(item.at("/request/id").textValue().substring(ID.length())),
          pixels,
          Integer.parseInt(item.path("label").textValue()));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** This digit as a golden item: a KServe V2 request and the right answer. */
  String goldenLine() {
    return "{\"request\":{\"id\":\"%s%d\",\"inputs\":[{\"name\":\"pixels\",\"shape\":[1,%d],\"datatype\":\"FP32\",\"data\":[%s]}]},\"label\":\"%d\"}"
        .formatted(
            ID,
            row,
            PIXELS,
            pixels.stream().map(String::valueOf).collect(Collectors.joining(",")),
            label);
  }

  /** Reads a line of the source file: 64 pixels and the label. */
  static Digit source(int row, String line) {
    List<Integer> numbers = Stream.of(line.split(",", -1)).map(Integer::valueOf).toList();
    int last = numbers.size() - 1;
    return new Digit(row, numbers.subList(0, last), numbers.get(last));
  }

  /** The line of the source file this digit was read from. */
  String sourceLine() {
    return pixels.stream().map(String::valueOf).collect(Collectors.joining(",")) + "," + label;
  }

  /** The pixels as a network takes them. */
  public double[] input() {
    return pixels.stream().mapToDouble(Integer::doubleValue).toArray();
  }
}
