package dev.sluice.router;

import dev.sluice.model.ServiceName;
import dev.sluice.model.VersionName;
import dev.sluice.router.admission.VersionGate;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The inference router. Callers address a model service as {@code /{service}/...}; what happens to
 * their requests is the service's {@link Route}, which changes at once and without losing one.
 *
 * <p>All methods may be called from any thread; {@link #close} not from an event loop.
 */
public final class Router implements AutoCloseable {
  private static final long CLOSE_SECONDS = 10;

  private final Vertx vertx;
  private final RouterOptions options;
  private final String epoch = UUID.randomUUID().toString();
  private final Map<String, Room> rooms = new ConcurrentHashMap<>();
  private final Judge judge;
  private final Wire.Load load = new Wire.Load();
  private final AtomicInteger doors = new AtomicInteger();
  private volatile int port;
  private volatile @Nullable String deployment;

  public Router(Vertx vertx, RouterOptions options) {
    this.vertx = vertx;
    this.options = options;
    this.judge = new Judge(options.judgeQueue());
  }

  /** Opens the port; fails if it can't be had. */
  public CompletionStage<Void> start() {
    return vertx
        .deployVerticle(
            () -> new Door(options, rooms::get, this::wire, opened -> port = opened),
            new DeploymentOptions().setInstances(options.eventLoops()))
        .onSuccess(id -> deployment = id)
        .<Void>mapEmpty()
        .toCompletionStage();
  }

  private Wire wire(Vertx of) {
    return new Wire(of, options, judge, load, options.seed() + doors.getAndIncrement());
  }

  /**
   * The port that callers reach.
   *
   * @throws IllegalStateException before {@link #start} is done
   */
  public int port() {
    int open = port;
    if (open == 0) {
      throw new IllegalStateException("the router has no port before it has started");
    }
    return open;
  }

  /**
   * Puts {@code route} in the place of the service's route: every request that comes from now on
   * goes by it, those under way end as they began.
   *
   * @throws Fenced if a newer fence was seen for this service
   * @throws IllegalArgumentException if a pattern, the schema or the pointer can't be read; the
   *     route then stays as it was
   */
  public void apply(Route route) {
    room(route.service()).apply(route);
  }

  /** What requests for {@code service} see now. */
  public Optional<Route> active(ServiceName service) {
    Room room = rooms.get(service.value());
    return room == null ? Optional.empty() : room.active();
  }

  /**
   * Stops routing {@code service}: its callers get 404. What was observed stays.
   *
   * @throws Fenced if a newer fence was seen for this service
   */
  public void remove(ServiceName service, long fence) {
    room(service).remove(fence);
  }

  /**
   * Requests of users, and copies, now under way to {@code version}. Once its route is gone and
   * this is 0, it stays 0.
   */
  public int inFlight(ServiceName service, VersionName version) {
    Room room = rooms.get(service.value());
    return room == null ? 0 : room.recorder().inFlight(version);
  }

  /** What was seen of {@code service}; empty for one that was never routed. */
  public Observations observations(ServiceName service) {
    Room room = rooms.get(service.value());
    return room == null ? new Recorder(epoch, 1, options.clock()) : room.recorder();
  }

  /** The services that were ever routed. */
  public Set<ServiceName> services() {
    return rooms.keySet().stream().map(ServiceName::new).collect(Collectors.toUnmodifiableSet());
  }

  /** How crowded the versions of {@code service} are. */
  public Map<VersionName, VersionGate.Crowd> crowds(ServiceName service) {
    Room room = rooms.get(service.value());
    return room == null ? Map.of() : room.crowds();
  }

  /** How many replicas of the versions of {@code service} are left out, since they failed. */
  public Map<VersionName, Integer> ejected(ServiceName service) {
    Room room = rooms.get(service.value());
    return room == null ? Map.of() : room.ejected();
  }

  private Room room(ServiceName service) {
    return rooms.computeIfAbsent(
        service.value(),
        name ->
            new Room(
                service,
                new Recorder(epoch, options.ringCapacity(), options.clock()),
                options.seed()));
  }

  /** Closes the port and the connections; what is under way breaks off. */
  @Override
  public void close() {
    String deployed = deployment;
    try {
      if (deployed != null) {
        deployment = null;
        vertx
            .undeploy(deployed)
            .toCompletionStage()
            .toCompletableFuture()
            .orTimeout(CLOSE_SECONDS, TimeUnit.SECONDS)
            .join();
      }
    } catch (CompletionException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw new IllegalStateException(
            "the router's port was not closed within " + CLOSE_SECONDS + " s", e);
      }
      throw e;
    } finally {
      judge.close();
    }
  }
}
