package dev.sluice.bench;

import dev.sluice.bench.OpenLoad.Answer;
import dev.sluice.model.AdmissionPolicy;
import dev.sluice.model.AdmissionPolicy.Caps;
import dev.sluice.model.AdmissionPolicy.Concurrency;
import dev.sluice.model.AdmissionPolicy.Lanes;
import dev.sluice.model.AdmissionPolicy.Tenant;
import dev.sluice.model.AdmissionPolicy.Tenants;
import dev.sluice.model.AdmissionPolicy.Waiting;
import dev.sluice.model.BalancePolicy;
import dev.sluice.model.Lane;
import dev.sluice.model.ModelService.TrafficPolicy;
import dev.sluice.model.ServiceName;
import dev.sluice.model.Share;
import dev.sluice.model.TrafficSplit;
import dev.sluice.model.VersionName;
import dev.sluice.router.Route;
import dev.sluice.router.Router;
import dev.sluice.router.RouterOptions;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * What a storm of batch requests does to critical ones: the router, its callers and a simulated
 * model server in one process, over real sockets, on the same machine. What is compared takes turns
 * by rounds, so that a machine that becomes busier touches all of it alike.
 */
final class LaneBench {
  static final String HEADER = "x-lane";

  private static final int SLOTS = 16;
  private static final double SERVICE_MILLIS = 50;
  private static final double SIGMA = 0.1;
  private static final double CAPACITY = SLOTS * 1_000 / SERVICE_MILLIS;
  private static final double CRITICAL_SHARE = 0.15;
  private static final int STORM = 10;
  private static final long WARM_UP_MILLIS = 3_000;

  private static final ServiceName SERVICE = new ServiceName("bench");
  private static final VersionName VERSION = new VersionName("v1");

  /** What is measured beside each other. */
  enum Case {
    ALONE("critical alone"),
    LANES("with batch at 10 x capacity"),
    NO_LANES("the same, without lanes");

    private final String words;

    Case(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /** The answers of one lane in one case. */
  record Row(Case of, Lane lane, List<Answer> answers) {
    Row {
      answers = List.copyOf(answers);
    }

    long served() {
      return answers.stream().filter(a -> a.status() == 200).count();
    }

    List<Answer> shed() {
      return answers.stream().filter(a -> a.status() == 429 || a.status() == 503).toList();
    }

    /** Milliseconds within which a share of the served were; NaN if nobody was. */
    double millis(double quantile) {
      long[] nanos =
          answers.stream()
              .filter(a -> a.status() == 200)
              .mapToLong(Answer::nanos)
              .sorted()
              .toArray();
      return nanos.length == 0
          ? Double.NaN
          : nanos[(int) Math.min(nanos.length - 1, (long) (quantile * nanos.length))] / 1e6;
    }
  }

  private LaneBench() {}

  /**
   * Measures.
   *
   * @param millis of each case in each round
   */
  static List<Row> run(int rounds, long millis, long seed, Consumer<String> progress) {
    Vertx callers = Vertx.vertx();
    Vertx servers = Vertx.vertx();
    Vertx own = Vertx.vertx();
    try (Router router = new Router(own, RouterOptions.defaults(InstantSource.system(), seed))) {
      router.start().toCompletableFuture().join();
      URI endpoint = new SlottedServer(servers, SLOTS, SERVICE_MILLIS, SIGMA, seed).start();
      String path = "/" + SERVICE + "/v2/models/m/infer";
      OpenLoad critical = load(callers, router, path, Lane.CRITICAL, CRITICAL_SHARE * CAPACITY);
      OpenLoad batch = load(callers, router, path, Lane.BATCH, STORM * CAPACITY);
      List<Row> rows = new ArrayList<>();
      long fence = 0;
      progress.accept("warming up");
      router.apply(route(endpoint, Case.LANES, ++fence));
      round(Case.LANES, critical, batch, WARM_UP_MILLIS);
      for (int i = 1; i <= rounds; i++) {
        for (Case of : Case.values()) {
          progress.accept("round " + i + " of " + rounds + ": " + of.words());
          router.apply(route(endpoint, of, ++fence));
          rows.addAll(round(of, critical, batch, millis));
        }
      }
      return merged(rows);
    } finally {
      for (Vertx vertx : List.of(callers, own, servers)) {
        vertx.close().toCompletionStage().toCompletableFuture().join();
      }
    }
  }

  private static OpenLoad load(Vertx vertx, Router router, String path, Lane lane, double rate) {
    return new OpenLoad(vertx, router.port(), path, lane.word(), rate);
  }

  private static List<Row> round(Case of, OpenLoad critical, OpenLoad batch, long millis) {
    CompletableFuture<List<Answer>> storm =
        of == Case.ALONE ? CompletableFuture.completedFuture(List.of()) : batch.run(millis);
    List<Answer> first = critical.run(millis).join();
    return List.of(new Row(of, Lane.CRITICAL, first), new Row(of, Lane.BATCH, storm.join()));
  }

  private static Route route(URI endpoint, Case of, long fence) {
    Lanes lanes =
        of == Case.NO_LANES
            ? Lanes.NONE
            : new Lanes(HEADER, List.of(), Map.of(Lane.CRITICAL, Share.percent(50)));
    AdmissionPolicy admission =
        new AdmissionPolicy(
            new Concurrency(SLOTS, 1, false),
            new Waiting(SLOTS, Duration.ofMillis(5)),
            Caps.SAFE,
            new Tenants(null, Map.of(), new Tenant(null, null, null, Lane.CRITICAL)),
            lanes);
    return new Route(
        SERVICE,
        TrafficSplit.allOn(VERSION),
        Map.of(VERSION, List.of(endpoint)),
        null,
        new TrafficPolicy(
            "sluice",
            null,
            List.of(),
            Duration.ofSeconds(10),
            null,
            admission,
            BalancePolicy.PLAIN),
        null,
        fence);
  }

  private static List<Row> merged(List<Row> rows) {
    List<Row> merged = new ArrayList<>();
    for (Case of : Case.values()) {
      for (Lane lane : List.of(Lane.CRITICAL, Lane.BATCH)) {
        List<Answer> all = new ArrayList<>();
        rows.stream()
            .filter(row -> row.of() == of && row.lane() == lane)
            .forEach(row -> all.addAll(row.answers()));
        if (!all.isEmpty()) {
          merged.add(new Row(of, lane, all));
        }
      }
    }
    return merged;
  }
}
