package dev.sluice.workload;

import dev.sluice.model.Unavailable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Free loopback ports for servers, none given out twice at a time. */
final class Ports {
  private static final int TRIES = 1000;

  private final int first;
  private final int last;
  private final Set<Integer> taken = new HashSet<>();

  Ports(int first, int last) {
    this.first = first;
    this.last = last;
  }

  /**
   * A port nobody listens on.
   *
   * @throws Unavailable if none was found
   */
  synchronized int take() {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(first, last + 1);
      if (!taken.contains(port) && isFree(port)) {
        taken.add(port);
        return port;
      }
    }
    throw new Unavailable("no free port among " + first + ".." + last);
  }

  /** Notes that an adopted process has this port. */
  synchronized void taken(int port) {
    taken.add(port);
  }

  synchronized void giveBack(int port) {
    taken.remove(port);
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(false);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
