package dev.sluice.router;

import dev.sluice.model.Exchange;
import dev.sluice.model.Outcome;
import dev.sluice.model.Pair;
import dev.sluice.model.VersionName;
import dev.sluice.router.Answer.Fate;
import dev.sluice.router.AnswerContract.Judged;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Instant;
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
  private final Instant start;

  private Consumer<HttpClientRequest> body;
  private @Nullable Shadow shadow;
  private @Nullable Answer armAnswer;
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
      boolean repeatable,
      Instant start) {
    this.wire = wire;
    this.room = room;
    this.arm = arm;
    this.request = request;
    this.caller = caller;
    this.rest = rest;
    this.repeatable = repeatable;
    this.start = start;
    // ended on failure, half a body would look like a whole one
    this.body = upstream -> request.pipe().endOnFailure(false).to(upstream);
  }

  /** Sends the body as the caller sends it. */
  void stream() {
    send(new UserLeg(arm, false));
  }

  /** Sends a body that is here as a whole, and its copy if one is due. */
  void send(Buffer whole) {
    body = upstream -> write(upstream, whole);
    Shadow copy = Shadow.of(wire, room, arm, request, rest, caller.requestId(), start);
    shadow = copy;
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

  /** A leg of a pair; null if it can't be counted. */
  static Pair.@Nullable Leg leg(Answer answer, @Nullable Judged judged) {
    return judged == null || answer.cold()
        ? null
        : new Pair.Leg(
            answer.firstByteNanos(),
            answer.wholeNanos(),
            judged.outcome(),
            answer.status(),
            judged.answer());
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
      boolean another = now != null && now.servingBeside(arm.version()) != null;
      if (head.statusCode() >= 500 && !rescue && another) {
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
      if (shadow == null) {
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

  /** Another serving version, by the route as it is now; else another try where nothing arrived. */
  private Room.@Nullable Entry rescuer(Answer failed) {
    VersionName version = arm.version();
    return room.enter(
        plan -> {
          VersionName beside = plan.servingBeside(version);
          boolean again =
              failed.lostOnTheWay() && plan.serves(version) && plan.endpointsOf(version) > 0;
          return beside == null && again ? version : beside;
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
      request.resume(); // what is left of the caller's body is read and let go
    }
    wire.load().users.decrementAndGet();
    record(answer);
  }

  private void record(Answer delivered) {
    Answer first = armAnswer == null ? delivered : armAnswer;
    if (first.fate() == Fate.CANCELLED) {
      arm.tally().cancelled.increment();
      settle(null);
      return;
    }
    AnswerContract contract = arm.plan().contract();
    wire.judge()
        .judge(
            contract,
            request.method(),
            first,
            judged -> {
              settle(leg(first, judged));
              if (judged == null) {
                arm.tally().unjudged.increment();
                return;
              }
              if (!rescued) {
                close(first, judged, failsUser(delivered, judged));
                return;
              }
              wire.judge()
                  .judge(
                      contract,
                      request.method(),
                      delivered,
                      last -> close(first, judged, failsUser(delivered, last)));
            });
  }

  private void settle(Pair.@Nullable Leg leg) {
    if (shadow != null) {
      shadow.userSide(leg);
    }
  }

  private static boolean failsUser(Answer delivered, @Nullable Judged judged) {
    boolean left = delivered.fate() == Fate.CANCELLED;
    boolean invalid = judged != null && judged.outcome() == Outcome.INVALID;
    return !left && (delivered.failed() || invalid);
  }

  private void close(Answer first, Judged judged, boolean userError) {
    if (userError) {
      room.recorder().userError();
    }
    room.recorder()
        .exchange(
            arm.tally(),
            seq ->
                new Exchange(
                    seq,
                    caller.requestId(),
                    arm.version(),
                    start,
                    first.firstByteNanos(),
                    first.wholeNanos(),
                    judged.outcome(),
                    first.status(),
                    rescued,
                    userError));
  }
}
