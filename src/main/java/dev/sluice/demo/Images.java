package dev.sluice.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The images users send, each as a KServe V2 request with its true label. */
final class Images {
  private static final int PIXELS = 64;

  private Images() {}

  /**
   * @param body JSON text of the inference request
   * @param label 0..9, as text
   */
  record Image(String body, String label) {}

  /**
   * Reads {@code row,pixel0,…,pixel63,label} lines after a header.
   *
   * @throws IllegalArgumentException if a line has another form; it names the line
   */
  static List<Image> read(Path csv) {
    List<String> lines;
    try {
      lines = Files.readAllLines(csv);
    } catch (IOException e) {
      throw new UncheckedIOException(csv + " can't be read", e);
    }
    List<Image> images = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      images.add(image(lines.get(i), csv + ":" + (i + 1)));
    }
    if (images.isEmpty()) {
      throw new IllegalArgumentException(csv + " holds no image");
    }
    return List.copyOf(images);
  }

  private static Image image(String line, String place) {
    String[] cells = line.split(",", -1);
    if (cells.length != PIXELS + 2) {
      throw new IllegalArgumentException(
          place + ": must have " + (PIXELS + 2) + " cells, had " + cells.length);
    }
    String pixels = String.join(",", List.of(cells).subList(1, PIXELS + 1));
    return new Image(
        "{\"inputs\":[{\"name\":\"pixels\",\"datatype\":\"FP32\",\"shape\":[1,64],\"data\":["
            + pixels
            + "]}]}",
        cells[PIXELS + 1]);
  }
}
