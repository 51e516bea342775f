package dev.sluice.router;

import dev.sluice.router.admission.AdmissionRules;
import dev.sluice.router.admission.AdmissionRules.Visitor;
import dev.sluice.router.admission.Limit;
import dev.sluice.router.admission.Shed;
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
    AdmissionRules rules = plan.admission();
    Visitor visitor = rules.visitor(request.method().name(), address.path(), request::getHeader);
    Shed atHead = rules.atHead(visitor, Headers.contentLength(request.headers()));
    if (atHead != null) {
      turnAway(room, caller, atHead);
      return;
    }
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
    Passage passage =
        new Passage(own, room, arm, visitor, request, caller, address.rest(), repeatable);
    if (repeatable || rules.reads(visitor)) {
      new Intake(request, caller, room, rules, visitor, passage).read();
    } else {
      request.pause();
      passage.stream();
    }
  }

  private static void turnAway(Room room, Caller caller, Shed shed) {
    room.recorder().shed(shed);
    caller.turnAway(shed);
  }

  private static String key(Plan plan, HttpServerRequest request, Caller caller) {
    String header = plan.route().policy().keyHeader();
    String key = header == null ? null : request.getHeader(header);
    return key == null || key.isEmpty() ? caller.requestId() : key;
  }

  /** Reads a body as a whole, up to the bound: it may be repeated, or its tokens count. */
  private final class Intake {
    private final HttpServerRequest request;
    private final Caller caller;
    private final Room room;
    private final AdmissionRules rules;
    private final Visitor visitor;
    private final Passage passage;
    private final long most;
    private final Buffer whole = Buffer.buffer();
    private boolean over;

    Intake(
        HttpServerRequest request,
        Caller caller,
        Room room,
        AdmissionRules rules,
        Visitor visitor,
        Passage passage) {
      this.request = request;
      this.caller = caller;
      this.room = room;
      this.rules = rules;
      this.visitor = visitor;
      this.passage = passage;
      this.most = Math.min(options.maxBodyBytes(), rules.policy().caps().bytes());
    }

    void read() {
      caller.whenGone(this::giveUp);
      request.handler(this::part);
      request.endHandler(
          end -> {
            if (!over) {
              arrived();
            }
          });
      if (Headers.contentLength(request.headers()) > most) {
        refuse(tooLarge());
      }
    }

    private void arrived() {
      Shed shed = rules.reads(visitor) ? charge() : null;
      if (shed == null) {
        over = true;
        passage.send(whole);
      } else {
        refuse(shed);
      }
    }

    private @Nullable Shed charge() {
      AdmissionRules.Charged charged = rules.atBody(visitor, whole.getBytes());
      passage.charged(charged.output());
      return charged.shed();
    }

    private Shed tooLarge() {
      return most < rules.policy().caps().bytes()
          ? Shed.tooLarge(
              Limit.REQUEST_BYTES,
              visitor.lane(),
              "a request that may be repeated, or whose tokens are counted, must not be larger than"
                  + " "
                  + most
                  + " bytes")
          : rules.tooManyBytes(visitor.lane());
    }

    private void part(Buffer part) {
      if (over) {
        return; // read to the end all the same, so that the caller gets to see the refusal
      }
      if (whole.length() + part.length() > most) {
        refuse(tooLarge());
      } else {
        whole.appendBuffer(part);
      }
    }

    private void refuse(Shed shed) {
      giveUp();
      turnAway(room, caller, shed);
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
