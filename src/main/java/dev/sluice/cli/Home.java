package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a controller on this machine keeps its state, and what it leaves there for the command
 * line: {@code server}, a JSON object with its {@code url}, and {@code admin-token}.
 *
 * @param directory it may not exist
 */
public record Home(Path directory) {
  // each JVM works the start of a process out anew, from a clock that is set now and then
  private static final long SAME_START_MILLIS = 10_000;

  /**
   * {@code SLUICE_HOME} if set, else {@code .sluice} beneath {@code root}.
   *
   * @param root where Sluice was checked out or installed
   */
  static Home of(Map<String, String> environment, Path root) {
    String set = environment.getOrDefault("SLUICE_HOME", "");
    return new Home(set.isEmpty() ? root.resolve(".sluice") : Path.of(set));
  }

  /**
   * What the running controller wrote about itself; null if none has. One that was killed could not
   * take back what it wrote: its file is no server, and whoever has its port by now is a stranger.
   */
  public @Nullable JsonNode server() {
    JsonNode written = written();
    return written != null && isRunning(written) ? written : null;
  }

  /** Whether the process that wrote it lives, and is no other that was given its number. */
  private static boolean isRunning(JsonNode written) {
    long started = written.path("startedAt").asLong();
    return ProcessHandle.of(written.path("pid").asLong())
        .map(process -> process.info().startInstant())
        .map(
            start ->
                start.isEmpty() // not every system tells
                    || Math.abs(start.get().toEpochMilli() - started) < SAME_START_MILLIS)
        .orElse(false);
  }

  private @Nullable JsonNode written() {
    String text = read("server");
    if (text == null) {
      return null;
    }
    try {
      return Api.JSON.readTree(text);
    } catch (IOException e) {
      throw new IllegalStateException(directory.resolve("server") + " is not JSON", e);
    }
  }

  /** The token of the first start; null if there is none or it is not ours to read. */
  public @Nullable String adminToken() {
    return read("admin-token");
  }

  private @Nullable String read(String name) {
    Path file = directory.resolve(name);
    if (!Files.isReadable(file)) {
      return null;
    }
    try {
      String text = Files.readString(file).strip();
      return text.isEmpty() ? null : text;
    } catch (IOException e) {
      throw new IllegalStateException(file + " can't be read: " + e.getMessage(), e);
    }
  }

  /**
   * Where the running controller of this home answers; null if none has said so.
   *
   * @throws IllegalStateException if what it left is no JSON
   */
  private @Nullable URI url() {
    JsonNode running = server();
    return running != null && running.path("url").isTextual()
        ? URI.create(running.path("url").asText())
        : null;
  }

  /**
   * The API that the environment and {@code --server} point to.
   *
   * <p>The token is {@code SLUICE_TOKEN}. Without it the admin token of this home is taken where
   * the server is the one that left it; no other host is ever told that token.
   *
   * @param option the value of {@code --server}; null if not given
   * @throws IllegalStateException if nothing says where a server is
   */
  static Api api(@Nullable URI option, Map<String, String> environment, Path root) {
    Home home = of(environment, root);
    String token = environment.getOrDefault("SLUICE_TOKEN", "");
    String fromEnvironment = environment.getOrDefault("SLUICE_SERVER", "");
    URI server = option;
    if (server == null && !fromEnvironment.isEmpty()) {
      server = URI.create(fromEnvironment);
    }
    if (server == null) {
      server = home.url();
    }
    if (server == null) {
      throw new IllegalStateException(
          "no server known: start one with 'sluice serve', or say --server URL or SLUICE_SERVER"
              + " (looked for "
              + home.directory().resolve("server")
              + (home.written() == null ? ")" : ", which is of one that has ended)"));
    }
    if (!token.isEmpty()) {
      return new Api(server, token);
    }
    return new Api(server, home.left(server) ? home.adminToken() : null);
  }

  /** Whether that is the server which keeps its state here. */
  private boolean left(URI server) {
    URI own = url();
    return own != null && bare(own).equals(bare(server));
  }

  private static URI bare(URI server) {
    return URI.create(server.toString().replaceAll("/+$", ""));
  }
}
