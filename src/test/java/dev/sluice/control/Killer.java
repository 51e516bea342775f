package dev.sluice.control;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** Stands before a port and kills the controller at one occurrence of a crash point. */
final class Killer {
  /** The controller is gone: nothing of it catches this. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  private final CrashPoint point;
  private final int occurrence;
  private int passed;
  private boolean done;

  /**
   * @param occurrence the how-manyeth time the point is reached, from 1
   */
  Killer(CrashPoint point, int occurrence) {
    this.point = point;
    this.occurrence = occurrence;
  }

  boolean hasKilled() {
    return done;
  }

  <T> T before(Class<T> port, T real) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) -> {
              boolean here = method.getName().equals(point.method);
              if (here && !point.after) {
                reached();
              }
              try {
                Object answer = method.invoke(real, arguments);
                if (here && point.after) {
                  reached();
                }
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private void reached() {
    passed++;
    if (!done && passed == occurrence) {
      done = true;
      throw new Killed();
    }
  }
}
