package dev.sluice.workload;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A program that speaks as much KServe V2 as a probe asks, and misbehaves as its arguments say:
 * {@code --echo OTHER}, {@code --gibberish-while FILE}, {@code --exit-after MILLIS}, {@code
 * --slow-start MILLIS}, {@code --ignore-term}, {@code --shed-while FILE}. Uses the JDK alone, so
 * that its class path is one directory.
 */
public final class TestServer {
  private static final String OUTPUTS =
      "\"outputs\":[{\"name\":\"y\",\"datatype\":\"FP32\",\"shape\":[1,2],\"data\":[0.25,0.75]}]}";

  private TestServer() {}

  public static void main(String[] args) throws Exception {
    Map<String, String> options = options(List.of(args));
    if (options.containsKey("--ignore-term")) {
      CountDownLatch never = new CountDownLatch(1);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    try {
                      never.await();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  }));
    }
    exitLater(options.get("--exit-after"));
    start(
        new InetSocketAddress(
            InetAddress.getLoopbackAddress(), Integer.parseInt(option(options, "--port"))),
        options);
  }

  /** What its command line says, by option. */
  public static Map<String, String> options(List<String> words) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i < words.size(); i++) {
      boolean valued = i + 1 < words.size() && !words.get(i + 1).startsWith("--");
      options.put(words.get(i), valued ? words.get(++i) : "");
    }
    return options;
  }

  /** The server alone, in this JVM; what it is to do as a process is not its matter. */
  public static HttpServer start(InetSocketAddress address, Map<String, String> options)
      throws IOException {
    String slow = options.get("--slow-start");
    long readyFrom = System.nanoTime() + (slow == null ? 0 : Long.parseLong(slow) * 1_000_000);
    HttpServer server = HttpServer.create(address, 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          if (System.nanoTime() - readyFrom < 0) {
            answer(exchange, 503, "{\"error\":\"loading\"}");
          } else {
            serve(exchange, options);
          }
        });
    server.start();
    return server;
  }

  private static void serve(HttpExchange exchange, Map<String, String> options) throws IOException {
    String model = "/v2/models/" + option(options, "--service");
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/v2/health/ready") || path.equals(model + "/ready")) {
      answer(exchange, 200, "{}");
    } else if (path.equals(model)) {
      answer(
          exchange, 200, "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[-1,4]}]}");
    } else if (path.equals(model + "/infer")) {
      infer(exchange, options);
    } else {
      answer(exchange, 404, "{}");
    }
  }

  private static void infer(HttpExchange exchange, Map<String, String> options) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String version = options.getOrDefault("--echo", option(options, "--version"));
    if (there(options.get("--gibberish-while"))) {
      answer(exchange, 200, "{\"model_version\":\"" + version + "\",\"outputs\":[{\"da");
    } else if (there(options.get("--shed-while"))) {
      answer(exchange, 429, "{\"error\":\"queue full\"}");
    } else if (!body.contains("[1,4]")
        || !"true".equals(exchange.getRequestHeaders().getFirst("x-sluice-probe"))) {
      answer(exchange, 400, "{\"error\":\"not the request of a probe\"}");
    } else {
      answer(exchange, 200, "{\"model_version\":\"" + version + "\"," + OUTPUTS);
    }
  }

  private static boolean there(@Nullable String file) {
    return file != null && Files.exists(Path.of(file));
  }

  private static void exitLater(@Nullable String millis) {
    if (millis != null) {
      TimerTask exit =
          new TimerTask() {
            @Override
            public void run() {
              System.err.println("out of luck");
              Runtime.getRuntime().halt(3);
            }
          };
      new Timer(true).schedule(exit, Long.parseLong(millis));
    }
  }

  private static String option(Map<String, String> options, String name) {
    String value = options.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("content-type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
