package dev.sluice.sample;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One running server: a real model behind KServe V2's REST form, on Vert.x alone, with one event
 * loop. Started by {@link SampleServerCommand}.
 */
public final class SampleServer implements AutoCloseable {
  private final SampleServerOptions options;
  private final Vertx vertx;
  private final HttpServer http;
  private final Device device;
  private final Inference inference;
  private final Optional<MemoryLeak> leak;
  private final AtomicBoolean closed = new AtomicBoolean();

  private SampleServer(
      SampleServerOptions options,
      Vertx vertx,
      HttpServer http,
      Device device,
      Inference inference,
      Optional<MemoryLeak> leak) {
    this.options = options;
    this.vertx = vertx;
    this.http = http;
    this.device = device;
    this.inference = inference;
    this.leak = leak;
  }

  /**
   * Starts to listen; the server is ready once its start-up delay is over.
   *
   * @throws IOException if the address can't be listened on
   */
  static SampleServer start(SampleServerOptions options, Clock clock) throws IOException {
    SplittableRandom seeds = new SplittableRandom(options.seed());
    FaultInjection faults = new FaultInjection(options.faults(), seeds.split());
    DeviceTime time =
        new DeviceTime(options.serviceTime(), options.serviceTimeSigma(), faults.slowdown());
    ServedModel model = options.model().reshaped(faults.reshapes());
    Vertx vertx = smallVertx();
    Device device =
        new Device(
            vertx.getOrCreateContext(),
            options.concurrency(),
            options.queue(),
            time,
            seeds.split());
    Optional<MemoryLeak> leak = faults.leak().map(MemoryLeak::of);
    SampleMetrics metrics = new SampleMetrics(model);
    metrics.show(device, time);
    metrics.show(faults);
    leak.ifPresent(metrics::show);
    Inference inference = new Inference(model, device, faults, metrics, clock);
    Status status = new Status(model, device, time, faults, inference, leak);
    Routes routes = new Routes(model, inference, status, metrics);
    HttpServer http =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost(options.host())
                    .setPort(options.port())
                    .setHttp2ClearTextEnabled(false))
            .requestHandler(routes::handle);
    SampleServer server = new SampleServer(options, vertx, http, device, inference, leak);
    server.listen();
    return server;
  }

  private static Vertx smallVertx() {
    return Vertx.vertx(
        new VertxOptions()
            .setEventLoopPoolSize(1) // everything is confined to this one loop
            .setWorkerPoolSize(1)
            .setInternalBlockingPoolSize(1)
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false)));
  }

  private void listen() throws IOException {
    boolean listening = false;
    try {
      if (options.startupDelay().isZero()) {
        await(onLoop(this::ready));
      }
      await(http.listen().mapEmpty());
      listening = true;
    } finally {
      if (!listening) {
        closeAll();
      }
    }
    if (!options.startupDelay().isZero()) {
      long millis = Math.max(1, options.startupDelay().toMillis());
      vertx.setTimer(millis, loaded -> ready());
    }
  }

  private void ready() {
    inference.ready();
    leak.ifPresent(MemoryLeak::begin);
  }

  private Future<Void> onLoop(Runnable work) {
    Promise<Void> done = Promise.promise();
    vertx.runOnContext(
        tick -> {
          work.run();
          done.complete();
        });
    return done.future();
  }

  private static void await(Future<Void> future) throws IOException {
    try {
      future.toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(cause.getMessage(), cause);
    }
  }

  /** Where it listens; the free port found when 0 was asked for. */
  public int port() {
    return http.actualPort();
  }

  /**
   * Takes no more requests, finishes those it has taken (for as long as the drain time allows) and
   * stops. Safe to call twice.
   */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    Promise<Void> drained = Promise.promise();
    vertx.runOnContext(tick -> inference.drain().onComplete(drained));
    try {
      drained
          .future()
          .toCompletionStage()
          .toCompletableFuture()
          .get(options.drain().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // what isn't done by now is cut off: the bound is the promise made to whoever stops us
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    closeAll();
  }

  private void closeAll() {
    device.close();
    leak.ifPresent(MemoryLeak::close);
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
