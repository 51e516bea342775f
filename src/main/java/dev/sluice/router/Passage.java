package dev.sluice.router;

import dev.sluice.model.VersionName;
import dev.sluice.router.Answer.Fate;
import dev.sluice.router.admission.AdmissionRules.Visitor;
import dev.sluice.router.admission.Limit;
import dev.sluice.router.admission.Shed;
import dev.sluice.router.balance.Balancer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One user request on its way: let in, sent, rescued once if need be, answered, recorded. */
final class Passage {
  private final Wire wire;
  private final Room room;
  private final Room.Entry arm;
  private final Visitor visitor;
  private final HttpServerRequest request;
  private final Caller caller;
  private final String rest;
  private final boolean repeatable;

  private Consumer<HttpClientRequest> body = upstream -> {};
  private Buffer whole = Buffer.buffer();
  private int outputCharged;
  private boolean copied;
  private @Nullable Answer armAnswer;
  private @Nullable Closing closing;
  private boolean rescued;
  private @Nullable URI firstEndpoint;

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
      Visitor visitor,
      HttpServerRequest request,
      Caller caller,
      String rest,
      boolean repeatable) {
    this.wire = wire;
    this.room = room;
    this.arm = arm;
    this.visitor = visitor;
    this.request = request;
    this.caller = caller;
    this.rest = rest;
    this.repeatable = repeatable;
  }

  /** It was charged so many tokens of output. */
  void charged(int output) {
    outputCharged = output;
  }

  /** Sends the body as the caller sends it. */
  void stream() {
    UserLeg leg = new UserLeg(arm, false);
    CappedBody capped =
        new CappedBody(request, arm.plan().admission().policy().caps().bytes(), leg::tooLarge);
    // ended on failure, half a body would look like a whole one
    body = upstream -> capped.pipe().endOnFailure(false).to(upstream);
    closing = begin();
    leg.set();
  }

  /** Sends a body that is here as a whole, and its copy if one is due. */
  void send(Buffer all) {
    whole = all;
    body = upstream -> write(upstream, all);
    closing = begin();
    new UserLeg(arm, false).set();
  }

  private Closing begin() {
    return new Closing(
        wire,
        room,
        arm,
        request.method(),
        caller.requestId(),
        new TokenCharge(visitor.account(), outputCharged));
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

  /** The copy that leaves with the first leg, if one is due. */
  private @Nullable Shadow copy() {
    Shadow copy = repeatable ? Shadow.of(wire, room, arm, request, rest, caller.requestId()) : null;
    begun().pairedWith(copy);
    copied = copy != null;
    return copy;
  }

  private final class UserLeg implements UpstreamCall.Receiver {
    private final Room.Entry entry;
    private final boolean rescue;
    private final Entrance entrance;
    private final UpstreamCall call;
    private Balancer.@Nullable Sent sent;
    private @Nullable Shed shed;
    private boolean passing;

    UserLeg(Room.Entry entry, boolean rescue) {
      this.entry = entry;
      this.rescue = rescue;
      this.entrance = new Entrance(wire.vertx(), entry.gate(), this::depart, this::turnAway);
      this.call = new UpstreamCall(wire, this);
    }

    void set() {
      if (entry.plan().endpointsOf(entry.version()) == 0) {
        closed(Answer.nowhere());
        return;
      }
      caller.whenGone(this::callerLeft);
      if (rescue) {
        entrance.enterAtOnce(visitor.lane()); // it has waited for an answer already
      } else {
        entrance.enter(visitor.lane(), arm.plan().admission().policy().waiting().most());
      }
    }

    private void depart() {
      Shadow copy = rescue ? null : copy();
      // back to back, in random order: who goes second meets a busier machine
      boolean copyFirst = copy != null && wire.coin();
      if (copy != null && copyFirst) {
        copy.send(whole);
      }
      send();
      if (copy != null && !copyFirst) {
        copy.send(whole);
      }
    }

    private void send() {
      URI failed = entry.version().equals(arm.version()) ? firstEndpoint : null;
      Balancer.Sent chosen =
          rescue && failed != null ? entry.balancer().retry(failed) : entry.balancer().send();
      if (chosen == null) {
        remainUnsent();
        return;
      }
      sent = chosen;
      firstEndpoint = rescue ? firstEndpoint : chosen.endpoint();
      call.send(
          chosen.endpoint(),
          request.method(),
          rest,
          Headers.toUpstream(request.headers(), caller.requestId(), false),
          entry.plan().route().policy().timeout().toMillis(),
          body);
    }

    /** What failed before stands where nobody may be asked again. */
    private void remainUnsent() {
      entrance.leave();
      rescued = false;
      closed(armAnswer == null ? Answer.nowhere() : armAnswer);
    }

    private void turnAway(Limit limit) {
      shed =
          Shed.overload(
              limit,
              visitor.lane(),
              "version "
                  + entry.version()
                  + (limit == Limit.QUEUE_WAIT
                      ? " had no room for the request in the time that it may wait"
                      : " has as many requests under way and waiting as it may have"));
      closed(Answer.unsent());
    }

    /** The caller's body goes beyond what a request may have. */
    void tooLarge() {
      shed = entry.plan().admission().tooManyBytes(visitor.lane());
      call.cancel();
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
      boolean another =
          now != null
              && (now.rescuerOf(arm.version()) != null || now.endpointsOf(arm.version()) > 1);
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
      if (entrance.isOpen()) {
        leaveGate();
      } else if (passing || !repeatable) {
        call.cancel();
      }
    }

    /** Nothing was sent: nothing is known of the version. */
    private void leaveGate() {
      entrance.leave();
      entry.leave();
      wire.load().users.decrementAndGet();
      begun().abandoned();
    }

    @Override
    public void closed(Answer answer) {
      entrance.ended(answer);
      if (sent != null) {
        sent.ended(answer.end());
      }
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
          new UserLeg(other, true).set();
          return;
        }
      }
      deliver(this, answer);
    }
  }

  /**
   * Another version, by the route as it is now; else another replica of its own, or another try
   * where nothing arrived.
   */
  private Room.@Nullable Entry rescuer(Answer failed) {
    VersionName version = arm.version();
    return room.enter(
        plan -> {
          VersionName other = plan.rescuerOf(version);
          boolean again = plan.serves(version) && failed.mayGoToAnother(plan.endpointsOf(version));
          return other == null && again ? version : other;
        });
  }

  private void deliver(UserLeg leg, Answer answer) {
    VersionName version = leg.entry.version();
    Buffer answered = answer.body();
    if (leg.passing) {
      if (answer.fate() == Fate.WHOLE) {
        caller.end();
      } else {
        caller.cut();
      }
    } else if (answer.fate() == Fate.WHOLE && answered != null) {
      caller.whole(version, answer.status(), answer.headers(), answered);
    } else {
      if (leg.shed == null) {
        caller.noAnswer(version, answer.fate());
      } else {
        room.recorder().shed(leg.shed);
        caller.turnAway(leg.shed);
      }
      if (!request.isEnded()) {
        request.resume(); // what is left of the caller's body is read and let go
      }
    }
    wire.load().users.decrementAndGet();
    begun().close(armAnswer == null ? answer : armAnswer, answer, rescued);
  }
}
