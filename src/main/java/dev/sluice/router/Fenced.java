package dev.sluice.router;

import dev.sluice.model.ServiceName;

/** Someone with a newer fence has already written this service's route: the writer must stop. */
public final class Fenced extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  Fenced(ServiceName service, long offered, long held) {
    super(
        "the route of service "
            + service
            + " carries fence "
            + held
            + ": a change with the older fence "
            + offered
            + " is refused");
  }
}
