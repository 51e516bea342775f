package dev.sluice.store;

import dev.sluice.model.ServiceName;
import dev.sluice.model.Unavailable;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * One transaction per call of the store; a database that can't be reached is {@link Unavailable}.
 */
@ApplicationScoped
class Transactions {
  private final ChangeSignal changes;

  Transactions(ChangeSignal changes) {
    this.changes = changes;
  }

  /** Commits what {@code work} wrote, and only then ticks {@link Changes}. */
  <T> T write(Callable<T> work) {
    T result = quietly(work);
    changes.tick();
    return result;
  }

  /** As {@link #write(Callable)}, for what watchers of a service want to know. */
  <T> T write(ServiceName service, Callable<T> work) {
    T result = quietly(work);
    changes.tick(service);
    return result;
  }

  /** As {@link #write(ServiceName, Callable)}, of the service that the work found. */
  void writeToFound(Callable<ServiceName> work) {
    changes.tick(quietly(work));
  }

  /** Reads, or writes what nobody waits for. */
  <T> T quietly(Callable<T> work) {
    try {
      return QuarkusTransaction.requiringNew().call(work);
    } catch (RuntimeException e) {
      throw translated(e);
    }
  }

  /** As {@link #quietly(Callable)}, for work without a result. */
  void quietly(Runnable work) {
    try {
      QuarkusTransaction.requiringNew().run(work);
    } catch (RuntimeException e) {
      throw translated(e);
    }
  }

  private static RuntimeException translated(RuntimeException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && unreachable(sql)) {
        return new Unavailable("the database can't be reached: " + sql.getMessage(), e);
      }
    }
    return e;
  }

  private static boolean unreachable(SQLException e) {
    @Nullable String state = e.getSQLState();
    // 08: connection; 57P: the server is shutting down or starting; 53: it has no resources left
    return e instanceof SQLTransientConnectionException
        || (state != null
            && (state.startsWith("08") || state.startsWith("57P") || state.startsWith("53")))
        // the connection pool's own exceptions carry no state
        || (state == null && e.getClass().equals(SQLException.class));
  }
}
