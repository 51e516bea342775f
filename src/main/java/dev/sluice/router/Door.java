package dev.sluice.router;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Where callers come in; one per event loop. */
final class Door extends AbstractVerticle {
  static final int HEADER_BYTES = 32 << 10;
  private static final int LINE_BYTES = 16 << 10;
  private static final int RETRY_AFTER_SECONDS = 1;

  private final RouterOptions options;
  private final Function<String, @Nullable Room> rooms;
  private final Function<Vertx, Wire> wires;
  private final IntConsumer opened;
  private @Nullable Wire wire;

  Door(
      RouterOptions options,
      Function<String, @Nullable Room> rooms,
      Function<Vertx, Wire> wires,
      IntConsumer opened) {
    this.options = options;
    this.rooms = rooms;
    this.wires = wires;
    this.opened = opened;
  }

  @Override
  public void start(Promise<Void> started) {
    Wire own = wires.apply(vertx);
    wire = own;
    HttpServer server =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setHost(options.host())
                // below zero: a free one, the same for all doors of one router
                .setPort(options.port() == 0 ? -1 : options.port())
                .setHandle100ContinueAutomatically(true)
                .setMaxInitialLineLength(LINE_BYTES)
                .setMaxHeaderSize(HEADER_BYTES)
                .setTcpNoDelay(true));
    server
        .requestHandler(request -> welcome(own, request))
        .listen()
        .onSuccess(
            listening -> {
              opened.accept(listening.actualPort());
              started.complete();
            })
        .onFailure(started::fail);
  }

  @Override
  public void stop(Promise<Void> stopped) {
    if (wire == null) {
      stopped.complete();
    } else {
      wire.client().close().onComplete(stopped);
    }
  }

  private void welcome(Wire own, HttpServerRequest request) {
    Caller caller = new Caller(request, Headers.requestId(request.headers()));
    Address address = Address.of(request.uri());
    Room room = address == null ? null : rooms.apply(address.service());
    Plan plan = room == null ? null : room.plan();
    if (address == null || room == null || plan == null) {
      caller.problem(
          404,
          "Not Found",
          "no model service at '" + request.uri() + "': the path must be /{service}/...",
          0);
      return;
    }
    room.recorder().userRequest();
    Room.Entry arm = room.enter(p -> p.draw(key(p, request, caller)));
    if (arm == null) {
      room.recorder().userError();
      caller.problem(
          503,
          "Service Unavailable",
          "no version of service " + address.service() + " is serving",
          RETRY_AFTER_SECONDS);
      return;
    }
    own.load().users.incrementAndGet();
    boolean repeatable = arm.plan().mayBeRepeated(request.method().name(), address.path());
    Passage passage = new Passage(own, room, arm, request, caller, address.rest(), repeatable);
    if (repeatable) {
      new Intake(request, caller, passage).read();
    } else {
      request.pause();
      passage.stream();
    }
  }

  private static String key(Plan plan, HttpServerRequest request, Caller caller) {
    String header = plan.route().policy().keyHeader();
    String key = header == null ? null : request.getHeader(header);
    return key == null || key.isEmpty() ? caller.requestId() : key;
  }

  /** Reads the body of a request that may be repeated, as a whole, up to the bound. */
  private final class Intake {
    private final HttpServerRequest request;
    private final Caller caller;
    private final Passage passage;
    private final Buffer whole = Buffer.buffer();
    private boolean over;

    Intake(HttpServerRequest request, Caller caller, Passage passage) {
      this.request = request;
      this.caller = caller;
      this.passage = passage;
    }

    void read() {
      caller.whenGone(this::giveUp);
      request.handler(this::part);
      request.endHandler(
          end -> {
            if (!over) {
              over = true;
              passage.send(whole);
            }
          });
      if (Headers.contentLength(request.headers()) > options.maxBodyBytes()) {
        refuse();
      }
    }

    private void part(Buffer part) {
      if (over) {
        return; // read to the end all the same, so that the caller gets to see the refusal
      }
      if (whole.length() + part.length() > options.maxBodyBytes()) {
        refuse();
      } else {
        whole.appendBuffer(part);
      }
    }

    private void refuse() {
      giveUp();
      caller.problem(
          413,
          "Content Too Large",
          "a request that may be repeated must not be larger than "
              + options.maxBodyBytes()
              + " bytes",
          0);
    }

    private void giveUp() {
      if (!over) {
        over = true;
        passage.abandon();
      }
    }
  }

  /**
   * Where a request goes.
   *
   * @param rest path and query after the service's name, as the caller wrote them
   */
  record Address(String service, String rest) {
    /** Null if the target names no service. */
    static @Nullable Address of(String target) {
      String origin = target.startsWith("/") ? target : originForm(target);
      if (origin == null) {
        return null;
      }
      int end = 1;
      while (end < origin.length() && origin.charAt(end) != '/' && origin.charAt(end) != '?') {
        end++;
      }
      String rest = origin.substring(end);
      return new Address(origin.substring(1, end), rest.startsWith("/") ? rest : "/" + rest);
    }

    private static @Nullable String originForm(String target) {
      try {
        URI uri = new URI(target);
        String path = uri.getRawPath();
        if (uri.getHost() == null || path == null || !path.startsWith("/")) {
          return null;
        }
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
      } catch (URISyntaxException notATarget) {
        return null;
      }
    }

    String path() {
      int query = rest.indexOf('?');
      return query < 0 ? rest : rest.substring(0, query);
    }
  }
}
