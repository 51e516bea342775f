package dev.sluice.demo;

import dev.sluice.cli.Api;
import dev.sluice.cli.Screen;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One demo: a controller, its users, a CI pipeline, and the end of all of them. */
final class Demo implements AutoCloseable {
  private static final Duration SERVING_WITHIN = Duration.ofSeconds(60);
  private static final Duration ONE_ANSWER = Duration.ofSeconds(5);
  private static final long TRY_EVERY_MILLIS = 200;
  private static final String INFER = "/digits/v2/models/digits/infer";

  private final Settings settings;
  private final Screen screen;
  private final Clock clock;
  private final Path home;
  private @Nullable Controller controller;
  private @Nullable Users users;
  private boolean closed;

  /**
   * What a run is told.
   *
   * @param root the checkout, with pipelines, gates and images
   * @param jar the built program
   * @param releases what is released, in order
   * @param unchanged whether the candidate is the stable version under another name
   * @param keep whether its home is left for inspection
   * @param rate user requests a second
   */
  record Settings(
      Path root,
      Path java,
      Path jar,
      List<Expectation> releases,
      boolean unchanged,
      boolean keep,
      double rate,
      long seed) {}

  Demo(Settings settings, Screen screen, Clock clock) {
    this.settings = settings;
    this.screen = screen;
    this.clock = clock;
    try {
      this.home = Files.createTempDirectory("sluice-demo-").toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException("no directory for the demo", e);
    }
  }

  /**
   * Runs it.
   *
   * @throws IllegalStateException if the controller or the first version doesn't come up
   */
  Report run() throws InterruptedException {
    List<Images.Image> images =
        Images.read(settings.root().resolve("quality-gates/golden/digits/traffic.csv"));
    long began = System.nanoTime();
    Controller starting = begin();
    screen.line("home " + home + ", log " + starting.log().getFileName());
    DemoFiles files = new DemoFiles(home.resolve("models"), settings.java(), settings.jar());
    Controller.Up up = starting.awaitUp();
    screen.line("controller " + up.url() + ", up after " + seconds(began));
    register(up.api(), files);
    URI target = URI.create(up.router().toString().replaceAll("/+$", "") + INFER);
    awaitServing(target, images.getFirst(), starting);
    screen.line(
        String.format(
            Locale.ROOT,
            "digits v1 serves at %s, after %s; users send %.0f requests a second",
            up.router(),
            seconds(began),
            settings.rate()));
    Labels labels = new Labels(up.api());
    Users sending = traffic(target, images, labels);
    Ci ci = new Ci(up.api(), sending, labels, home, screen, clock);
    return releases(ci, sending, labels);
  }

  private Report releases(Ci ci, Users sending, Labels labels) throws InterruptedException {
    List<Ci.Run> runs = new ArrayList<>();
    List<Tally> tallies = new ArrayList<>();
    for (Expectation release : settings.releases()) {
      Tally before = sending.countIn(new Tally());
      tallies.add(before);
      Ci.Run run = ci.release(release.name());
      runs.add(run);
      tallies.add(run.tally());
      if (run.result().outcome().equals("unfinished")) {
        break; // the next one would be refused while this one is under way
      }
    }
    Tally last = sending.countIn(new Tally());
    last.settle(ONE_ANSWER);
    tallies.add(last);
    for (Tally tally : tallies) {
      if (tally.errors() > 0) {
        screen.line(tally.errors() + " user errors, the first: " + tally.firstError());
      }
    }
    screen.line(
        String.format(
            Locale.ROOT,
            "users waited p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms, from when a request was due",
            sending.latencyMillis(50),
            sending.latencyMillis(99),
            sending.latencyMillis(99.9)));
    if (labels.lost() > 0) {
      screen.line(labels.lost() + " labels could not be posted");
    }
    return new Report(
        runs.stream().map(Ci.Run::result).toList(),
        tallies.stream().mapToLong(Tally::requests).sum(),
        tallies.stream().mapToLong(Tally::errors).sum());
  }

  private synchronized Controller begin() {
    requireOpen();
    Controller started = Controller.start(settings.java(), settings.jar(), settings.root(), home);
    controller = started;
    return started;
  }

  private synchronized Users traffic(URI target, List<Images.Image> images, Labels labels) {
    requireOpen();
    Users started = Users.start(target, images, labels, settings.rate(), settings.seed());
    users = started;
    return started;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the demo was stopped");
    }
  }

  private void register(Api api, DemoFiles files) {
    String yaml = "application/yaml";
    Api.Reply unused = api.put("/services/digits", yaml, files.service());
    for (String name : List.of("v1", "small")) {
      unused = api.put("/versions/" + name, yaml, files.version(name));
    }
    for (Expectation release : settings.releases()) {
      String name = release.name();
      String document = settings.unchanged() ? files.stableAs(name) : files.version(name);
      unused = api.put("/versions/" + name, yaml, document);
    }
  }

  /** Asks until a user would get a good answer. */
  private static void awaitServing(URI target, Images.Image image, Controller controller)
      throws InterruptedException {
    long until = System.nanoTime() + SERVING_WITHIN.toNanos();
    String last = "nothing was asked yet";
    HttpRequest request =
        HttpRequest.newBuilder(target)
            .timeout(ONE_ANSWER)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(image.body()))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (System.nanoTime() < until) {
        try {
          HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
          last = Answer.problem(answer.statusCode(), answer.body());
          if (last.isEmpty()) {
            return;
          }
        } catch (IOException e) {
          last = String.valueOf(e.getMessage());
        }
        TimeUnit.MILLISECONDS.sleep(TRY_EVERY_MILLIS);
      }
    }
    throw new IllegalStateException(
        "v1 did not serve within "
            + SERVING_WITHIN.toSeconds()
            + " s (last answer: "
            + last
            + "); the controller's log ends:\n"
            + controller.logTail());
  }

  private static String seconds(long sinceNanos) {
    return String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - sinceNanos) / 1e9);
  }

  /** Ends users, controller and all it started, and takes its home away. Safe to call twice. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (users != null) {
      users.close();
    }
    try {
      if (controller != null) {
        Processes.end(controller.handle(), home)
            .forEach(left -> screen.line("ended by force: " + left));
        if (Processes.anyLeft(home)) {
          screen.line("a process of the demo is still there: look for " + home);
        }
      }
      if (settings.keep()) {
        screen.line("kept: " + home);
      } else {
        delete(home);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(directory + " can't be removed", e);
    }
  }
}
