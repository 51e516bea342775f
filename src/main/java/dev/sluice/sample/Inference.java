package dev.sluice.sample;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Clock;
import java.util.List;

/**
 * Takes inference requests, has them wait for the device, answers them; and knows whether the
 * server may: it loads, is ready, and at the end finishes what it has taken. Confined to one event
 * loop.
 */
final class Inference {
  private enum State {
    LOADING,
    READY,
    DRAINING
  }

  private final ServedModel model;
  private final Device device;
  private final FaultInjection faults;
  private final SampleMetrics metrics;
  private final Clock clock;
  private final Promise<Void> drained = Promise.promise();
  private State state = State.LOADING;
  private int inFlight;

  Inference(
      ServedModel model, Device device, FaultInjection faults, SampleMetrics metrics, Clock clock) {
    this.model = model;
    this.device = device;
    this.faults = faults;
    this.metrics = metrics;
    this.clock = clock;
  }

  boolean isReady() {
    return state == State.READY;
  }

  /** {@code loading}, {@code ready} or {@code draining}. */
  String stateWord() {
    return switch (state) {
      case LOADING -> "loading";
      case READY -> "ready";
      case DRAINING -> "draining";
    };
  }

  /** The model is loaded; does nothing if the server is being stopped already. */
  void ready() {
    if (state == State.LOADING) {
      state = State.READY;
      faults.ready(clock.instant());
    }
  }

  /** Takes no more requests; the future completes when those taken are answered. */
  Future<Void> drain() {
    state = State.DRAINING;
    completeIfDrained();
    return drained.future();
  }

  private void completeIfDrained() {
    if (state == State.DRAINING && inFlight == 0) {
      drained.tryComplete();
    }
  }

  /** Answers one request, at once or once the device has had its time. */
  void infer(HttpServerRequest http, byte[] body) {
    Caller caller = Caller.of(http::getHeader);
    HttpServerResponse response = http.response();
    if (!isReady()) {
      String message = "model '" + model.name() + "' is " + stateWord();
      refuse(caller, response, 503, message);
      return;
    }
    KServe.Request request;
    try {
      request = KServe.parse(body, model.network().inputs(), model.outputs());
    } catch (KServe.BadRequest e) {
      refuse(caller, response, 400, e.what());
      return;
    }
    if (!device.hasRoom()) {
      response.putHeader("retry-after", String.valueOf(device.retryAfterSeconds()));
      refuse(
          caller,
          response,
          429,
          "all slots are busy and %d requests wait, the most that may".formatted(device.waiting()));
      return;
    }
    inFlight++;
    FaultInjection.Fate fate = faults.admit(caller, clock.instant());
    device.take(new Answering(caller, request, body, fate, response));
  }

  private void refuse(Caller caller, HttpServerResponse response, int code, String message) {
    metrics.failed(caller, code);
    Future<Void> unused = Replies.error(response, code, message);
  }

  private void finished() {
    inFlight--;
    completeIfDrained();
  }

  /** One admitted request. */
  private final class Answering implements Device.Job {
    private final long admittedNanos = System.nanoTime();
    private final Caller caller;
    private final KServe.Request request;
    private final byte[] body;
    private final FaultInjection.Fate fate;
    private final HttpServerResponse response;

    Answering(
        Caller caller,
        KServe.Request request,
        byte[] body,
        FaultInjection.Fate fate,
        HttpServerResponse response) {
      this.caller = caller;
      this.request = request;
      this.body = body;
      this.fate = fate;
      this.response = response;
    }

    @Override
    public byte[] request() {
      return body;
    }

    @Override
    public boolean isWanted() {
      return !response.closed();
    }

    @Override
    public void dropped() {
      finished();
    }

    @Override
    public void run(long queuedNanos, long simulatedNanos) {
      long begun = System.nanoTime();
      metrics.simulated(simulatedNanos);
      switch (fate) {
        case ERROR -> {
          metrics.faulty("error");
          metrics.failed(caller, 500);
          send(Replies.error(response, 500, "inference failed (on purpose: --fault error)"));
        }
        case INVALID -> {
          metrics.faulty("invalid");
          answer(queuedNanos, simulatedNanos, begun, true);
        }
        case SOUND -> answer(queuedNanos, simulatedNanos, begun, false);
      }
    }

    private void answer(long queuedNanos, long simulatedNanos, long begun, boolean spoilt) {
      List<KServe.Tensor> outputs = model.infer(request.images(), spoilt);
      byte[] answer = KServe.answer(model, request, outputs);
      long now = System.nanoTime();
      metrics.answered(
          caller,
          request.images().size(),
          queuedNanos,
          simulatedNanos + now - begun,
          now - admittedNanos);
      if (model.reshaped()) {
        metrics.faulty("schema");
      }
      send(Replies.json(response, 200, answer));
    }

    private void send(Future<Void> reply) {
      // an answer nobody waits for any more is as finished as one that was read
      reply.onComplete(written -> finished());
    }
  }
}
