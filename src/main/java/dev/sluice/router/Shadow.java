package dev.sluice.router;

import dev.sluice.model.Lane;
import dev.sluice.model.Pair;
import dev.sluice.router.admission.VersionGate;
import dev.sluice.router.balance.Balancer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * The copy of a user's request, and the pair it makes with the original. Off the user's path:
 * nothing here is waited for.
 */
final class Shadow implements UpstreamCall.Receiver {
  // copies come without their callers' patience: where nobody waits for an answer before sending
  // the next request, a version that is behind once stays behind, and a pair compares two loads.
  // So no more copies are under way than about what the users' side carries.
  private static final int COPIES_PER_USER = 2;
  private static final int COPIES_BESIDES = 4;

  /** A side of the pair as it settled; no leg: it can't be counted. */
  private record Side(Pair.@Nullable Leg leg) {}

  private final Wire wire;
  private final Room room;
  private final Room.Entry entry;
  private final VersionGate.Visit visit;
  private final Balancer.Sent sent;
  private final HttpServerRequest original;
  private final String rest;
  private final String requestId;
  private final OpenRequests.Open open;
  private @Nullable Side user;
  private @Nullable Side copy;

  private Shadow(
      Wire wire,
      Room room,
      Room.Entry entry,
      VersionGate.Visit visit,
      Balancer.Sent sent,
      HttpServerRequest original,
      String rest,
      String requestId,
      OpenRequests.Open open) {
    this.wire = wire;
    this.room = room;
    this.entry = entry;
    this.visit = visit;
    this.sent = sent;
    this.original = original;
    this.rest = rest;
    this.requestId = requestId;
    this.open = open;
  }

  /** A copy counted in and ready to leave; null if none is due, or there is no room for it. */
  static @Nullable Shadow of(
      Wire wire,
      Room room,
      Room.Entry arm,
      HttpServerRequest original,
      String rest,
      String requestId) {
    Room.Entry entry = room.enter(plan -> plan.mirrorFor(requestId));
    if (entry == null) {
      return null;
    }
    Wire.Load load = wire.load();
    boolean crowded =
        load.users.get() > wire.options().mirrorYieldsAbove()
            || load.copies.get() >= wire.options().mirrorConcurrency()
            || entry.tally().inFlight.get()
                > COPIES_PER_USER * arm.tally().inFlight.get() + COPIES_BESIDES;
    VersionGate.Visit visit = crowded ? null : entry.gate().tryEnter(Lane.SHADOW);
    Balancer.Sent sent = visit == null ? null : entry.balancer().send();
    if (visit == null || sent == null) {
      if (visit != null) {
        visit.end();
      }
      entry.leave();
      entry.tally().shadowDropped.increment();
      return null;
    }
    load.copies.incrementAndGet();
    return new Shadow(
        wire,
        room,
        entry,
        visit,
        sent,
        original,
        rest,
        requestId,
        room.recorder().openPairs().begin(Closing.longest(arm.plan())));
  }

  void send(Buffer body) {
    entry.tally().shadowRequests.increment();
    new UpstreamCall(wire, this)
        .send(
            sent.endpoint(),
            original.method(),
            rest,
            Headers.toUpstream(original.headers(), requestId, true),
            entry.plan().route().policy().timeout().toMillis(),
            request -> Passage.write(request, body));
  }

  @Override
  public void head(HttpClientResponse head) {
    // the call itself keeps what is judged
  }

  @Override
  public void part(Buffer part) {
    // nobody is waiting for it
  }

  @Override
  public void closed(Answer answer) {
    answer.end(visit);
    sent.ended(answer.end());
    entry.leave();
    wire.load().copies.decrementAndGet();
    wire.judge()
        .judge(
            entry.plan().contract(),
            original.method(),
            answer,
            judged -> copySide(Closing.leg(answer, judged)));
  }

  /** The user's side has settled; null: it can't be counted. */
  synchronized void userSide(Pair.@Nullable Leg leg) {
    user = new Side(leg);
    pairUp();
  }

  private synchronized void copySide(Pair.@Nullable Leg leg) {
    copy = new Side(leg);
    pairUp();
  }

  private void pairUp() {
    if (user == null || copy == null) {
      return;
    }
    Pair.Leg stable = user.leg();
    Pair.Leg candidate = copy.leg();
    if (stable == null || candidate == null) {
      entry.tally().pairsUncounted.increment();
    } else {
      room.recorder().pair(seq -> new Pair(seq, requestId, open.start(), stable, candidate));
    }
    open.close();
  }
}
