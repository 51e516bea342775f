package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The REST API of one server as JSON trees.
 *
 * <p>On {@link HttpURLConnection} because a command is one or two requests: loading {@code
 * java.net.http} costs some 0.3 s, more than all the rest of a command.
 */
public final class Api {
  /** Reads and writes what goes over the wire. */
  public static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  static {
    // HttpURLConnection repeats a POST by itself when a kept-alive connection breaks: never that
    System.setProperty("sun.net.http.retryPost", "false");
  }

  private final URI server;
  private final @Nullable String token;

  /**
   * @param server as {@code http://127.0.0.1:8480}, without {@code /api/v1}
   * @param token the bearer token; null: none is sent
   */
  public Api(URI server, @Nullable String token) {
    if (!"http".equals(server.getScheme()) && !"https".equals(server.getScheme())) {
      throw new IllegalArgumentException(
          "server must be an http or https URL, was '" + server + "'");
    }
    this.server = server;
    this.token = token;
  }

  /**
   * An answer with a 2xx status.
   *
   * @param body a missing node if there was none
   */
  public record Reply(int status, JsonNode body) {}

  /** One path segment or query value, percent-encoded. */
  public static String encoded(String raw) {
    return URLEncoder.encode(raw, UTF_8).replace("+", "%20");
  }

  /**
   * {@code GET /api/v1<path>}.
   *
   * @throws Refused on a status of 400 or above
   * @throws Unreachable if no answer came
   */
  public JsonNode get(String path) {
    return get(path, Duration.ZERO);
  }

  /** The same, of a call that the server may hold open for {@code wait} before it answers. */
  public JsonNode get(String path, Duration wait) {
    return send("GET", path, null, null, Map.of(), ANSWER.plus(wait)).body();
  }

  /** {@code GET} of an answer that is no JSON, as it comes. */
  public String text(String path, String mediaType) {
    Map<String, String> accept = Map.of("Accept", mediaType + ", application/problem+json");
    return new String(exchange("GET", path, null, null, accept, ANSWER).body(), UTF_8);
  }

  /** {@code GET} of a file. */
  public byte[] bytes(String path) {
    Map<String, String> accept =
        Map.of("Accept", "application/octet-stream, application/problem+json");
    return exchange("GET", path, null, null, accept, ANSWER).body();
  }

  /** {@code PUT} of a document as it was written. */
  public Reply put(String path, String contentType, String document) {
    return send("PUT", path, contentType, document, Map.of(), ANSWER);
  }

  /** {@code POST} of a document as it was written. */
  public Reply post(String path, String contentType, String document) {
    return send("POST", path, contentType, document, Map.of(), ANSWER);
  }

  /** {@code POST} of JSON, with more headers. */
  public Reply post(String path, JsonNode body, Map<String, String> headers) {
    return send("POST", path, "application/json", body.toString(), headers, ANSWER);
  }

  /** {@code DELETE /api/v1<path>}. */
  public void delete(String path) {
    send("DELETE", path, null, null, Map.of(), ANSWER);
  }

  private Reply send(
      String method,
      String path,
      @Nullable String contentType,
      @Nullable String document,
      Map<String, String> headers,
      Duration timeout) {
    Raw raw = exchange(method, path, contentType, document, headers, timeout);
    return new Reply(raw.status(), tree(raw.body()));
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Raw(int status, byte[] body) {}

  private Raw exchange(
      String method,
      String path,
      @Nullable String contentType,
      @Nullable String document,
      Map<String, String> headers,
      Duration timeout) {
    String base = server.toString().replaceAll("/+$", "");
    try {
      URI uri = URI.create(base + "/api/v1" + path);
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setRequestMethod(method);
      connection.setConnectTimeout(Math.toIntExact(CONNECT.toMillis()));
      connection.setReadTimeout(Math.toIntExact(timeout.toMillis()));
      connection.setInstanceFollowRedirects(false);
      connection.setRequestProperty("Accept", "application/json, application/problem+json");
      headers.forEach(connection::setRequestProperty);
      if (token != null) {
        connection.setRequestProperty("Authorization", "Bearer " + token);
      }
      if (document != null && contentType != null) {
        connection.setRequestProperty("Content-Type", contentType);
        connection.setDoOutput(true);
        connection.getOutputStream().write(document.getBytes(UTF_8));
      }
      int status = connection.getResponseCode();
      byte[] body = bytes(status < 400 ? connection.getInputStream() : connection.getErrorStream());
      if (status >= 300 || status < 200) {
        throw Refused.of(status, tree(body));
      }
      return new Raw(status, body);
    } catch (IOException e) {
      String cause = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new Unreachable("no answer from " + base + ": " + cause, e);
    }
  }

  private static byte[] bytes(@Nullable InputStream answer) throws IOException {
    if (answer == null) {
      return new byte[0];
    }
    try (answer) {
      return answer.readAllBytes();
    }
  }

  private static JsonNode tree(byte[] body) {
    try {
      return body.length == 0 ? MissingNode.getInstance() : JSON.readTree(body);
    } catch (IOException e) {
      // a proxy's HTML page, say: the status has to do
      return MissingNode.getInstance();
    }
  }
}
