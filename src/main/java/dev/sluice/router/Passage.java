package dev.sluice.router;

import dev.sluice.model.VersionName;
import dev.sluice.router.Answer.Fate;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One user request on its way: sent, rescued once if need be, answered, recorded. */
final class Passage {
  private final Wire wire;
  private final Room room;
  private final Room.Entry arm;
  private final HttpServerRequest request;
  private final Caller caller;
  private final String rest;
  private final boolean repeatable;

  private Consumer<HttpClientRequest> body;
  private boolean copied;
  private @Nullable Answer armAnswer;
  private @Nullable Closing closing;
  private boolean rescued;

  /**
   * A request that was counted in at {@code arm}.
   *
   * @param rest path and query after the service's prefix
   * @param repeatable whether it may be copied, and sent once more if its version fails
   */
  Passage(
      Wire wire,
      Room room,
      Room.Entry arm,
      HttpServerRequest request,
      Caller caller,
      String rest,
      boolean repeatable) {
    this.wire = wire;
    this.room = room;
    this.arm = arm;
    this.request = request;
    this.caller = caller;
    this.rest = rest;
    this.repeatable = repeatable;
    // ended on failure, half a body would look like a whole one
    this.body = upstream -> request.pipe().endOnFailure(false).to(upstream);
  }

  /** Sends the body as the caller sends it. */
  void stream() {
    closing = begin();
    send(new UserLeg(arm, false));
  }

  /** Sends a body that is here as a whole, and its copy if one is due. */
  void send(Buffer whole) {
    body = upstream -> write(upstream, whole);
    Closing begun = begin();
    closing = begun;
    Shadow copy = Shadow.of(wire, room, arm, request, rest, caller.requestId());
    begun.pairedWith(copy);
    copied = copy != null;
    // back to back, in random order: who goes second meets a busier machine
    boolean copyFirst = copy != null && wire.coin();
    if (copy != null && copyFirst) {
      copy.send(whole);
    }
    send(new UserLeg(arm, false));
    if (copy != null && !copyFirst) {
      copy.send(whole);
    }
  }

  private Closing begin() {
    return new Closing(wire, room, arm, request.method(), caller.requestId());
  }

  private Closing begun() {
    return Objects.requireNonNull(closing, "nothing was sent");
  }

  /** The caller left, or broke the rules, before the request was sent on. */
  void abandon() {
    arm.leave();
    arm.tally().cancelled.increment();
    wire.load().users.decrementAndGet();
  }

  static void write(HttpClientRequest upstream, Buffer whole) {
    if (whole.length() == 0) {
      upstream.end();
    } else {
      upstream.end(whole);
    }
  }

  private void send(UserLeg leg) {
    VersionName version = leg.entry.version();
    URI endpoint = leg.entry.plan().nextEndpoint(version);
    if (endpoint == null) {
      leg.closed(Answer.nowhere());
      return;
    }
    caller.whenGone(leg::callerLeft);
    leg.call.send(
        endpoint,
        request.method(),
        rest,
        Headers.toUpstream(request.headers(), caller.requestId(), false),
        leg.entry.plan().route().policy().timeout().toMillis(),
        body);
  }

  private final class UserLeg implements UpstreamCall.Receiver {
    private final Room.Entry entry;
    private final boolean rescue;
    private final UpstreamCall call;
    private boolean passing;

    UserLeg(Room.Entry entry, boolean rescue) {
      this.entry = entry;
      this.rescue = rescue;
      this.call = new UpstreamCall(wire, this);
    }

    @Override
    public void head(HttpClientResponse head) {
      passing = !holdsBack(head);
      if (passing && caller.gone()) {
        call.cancel();
      } else if (passing) {
        caller.head(entry.version(), head.statusCode(), head.headers());
      }
    }

    /** Whether the answer waits until it is whole, so that the caller can still get another. */
    private boolean holdsBack(HttpClientResponse head) {
      if (!repeatable) {
        return false;
      }
      Plan now = room.plan();
      boolean another = now != null && now.rescuerOf(arm.version()) != null;
      if (Answer.isFailure(head.statusCode()) && !rescue && another) {
        return true;
      }
      long length = Headers.contentLength(head.headers());
      return Headers.isJson(head.headers())
          && length >= 0
          && length <= wire.options().maxBodyBytes();
    }

    @Override
    public void part(Buffer part) {
      if (passing) {
        caller.part(part, call);
      }
    }

    /** A held answer is still waited for: leaving out what users don't wait for flatters. */
    void callerLeft() {
      if (passing || !repeatable) {
        call.cancel();
      }
    }

    @Override
    public void closed(Answer answer) {
      if (!copied) {
        conclude(answer);
      } else {
        // a turn of the loop later: writing to the user must not hold up the clock of a copy
        // whose answer is here too
        wire.vertx().runOnContext(turn -> conclude(answer));
      }
    }

    private void conclude(Answer answer) {
      entry.leave();
      if (!rescue) {
        armAnswer = answer;
        boolean mayAskAnother =
            repeatable && !passing && answer.failed() && answer.fate() != Fate.CANCELLED;
        Room.Entry other = mayAskAnother ? rescuer(answer) : null;
        if (other != null) {
          rescued = true;
          send(new UserLeg(other, true));
          return;
        }
      }
      deliver(this, answer);
    }
  }

  /** Another version, by the route as it is now; else another try where nothing arrived. */
  private Room.@Nullable Entry rescuer(Answer failed) {
    VersionName version = arm.version();
    return room.enter(
        plan -> {
          VersionName other = plan.rescuerOf(version);
          boolean again =
              failed.lostOnTheWay() && plan.serves(version) && plan.endpointsOf(version) > 0;
          return other == null && again ? version : other;
        });
  }

  private void deliver(UserLeg leg, Answer answer) {
    VersionName version = leg.entry.version();
    Buffer whole = answer.body();
    if (leg.passing) {
      if (answer.fate() == Fate.WHOLE) {
        caller.end();
      } else {
        caller.cut();
      }
    } else if (answer.fate() == Fate.WHOLE && whole != null) {
      caller.whole(version, answer.status(), answer.headers(), whole);
    } else {
      caller.noAnswer(version, answer.fate());
      if (!request.isEnded()) {
        request.resume(); // what is left of the caller's body is read and let go
      }
    }
    wire.load().users.decrementAndGet();
    begun().close(armAnswer == null ? answer : armAnswer, answer, rescued);
  }
}
