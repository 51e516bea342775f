package dev.sluice.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The demo's documents and models, which come with the program. Models are unpacked into the demo's
 * home; in documents {@code ${uri:MODEL}}, {@code ${digest:MODEL}}, {@code ${contract}}, {@code
 * ${java}} and {@code ${jar}} stand for what only a run knows.
 */
final class DemoFiles {
  private static final List<String> MODELS =
      List.of("digits-v1", "digits-v2", "digits-worse", "digits-small");
  private static final Pattern BLANK = Pattern.compile("\\$\\{([a-z]+(?::[a-z0-9-]+)?)}");

  private final Map<String, String> values = new LinkedHashMap<>();

  /**
   * Unpacks the models.
   *
   * @param directory where to
   * @param java the program that runs model servers
   * @param jar what it runs
   */
  DemoFiles(Path directory, Path java, Path jar) {
    values.put("java", java.toString());
    values.put("jar", jar.toString());
    values.put("contract", resource("contract.json").replaceAll("\\s*\\R\\s*", " ").strip());
    try {
      Files.createDirectories(directory);
      for (String model : MODELS) {
        byte[] weights = bytes("models/" + model + ".json");
        Path file = directory.resolve(model + ".json");
        Files.write(file, weights);
        values.put("uri:" + model, file.toUri().toString());
        values.put("digest:" + model, digest(weights));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the models can't be unpacked", e);
    }
  }

  /** The model service. */
  String service() {
    return filled(resource("service.yaml"));
  }

  /** The model version of that name. */
  String version(String name) {
    return filled(resource("versions/" + name + ".yaml"));
  }

  /** The stable version's artifact set under another name: a release that changes nothing. */
  String stableAs(String name) {
    return version("v1").replaceFirst("name: v1\\b", "name: " + name);
  }

  String filled(String document) {
    Matcher blanks = BLANK.matcher(document);
    return blanks.replaceAll(
        found -> {
          String value = values.get(found.group(1));
          if (value == null) {
            throw new IllegalStateException(
                "nothing stands for ${" + found.group(1) + "}; known are " + values.keySet());
          }
          return Matcher.quoteReplacement(value);
        });
  }

  private static String resource(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String name) {
    try (InputStream in = DemoFiles.class.getResourceAsStream("/demo/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its resource demo/" + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("demo/" + name + " can't be read", e);
    }
  }

  private static String digest(byte[] content) {
    try {
      byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(content);
      return "sha256:" + HexFormat.of().formatHex(sha256);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
