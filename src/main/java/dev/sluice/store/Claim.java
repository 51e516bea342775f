package dev.sluice.store;

import dev.sluice.model.GateMemory;
import dev.sluice.model.Intent;
import dev.sluice.model.ModelService;
import dev.sluice.model.Release;
import dev.sluice.model.Serving;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One model service, taken for one pass of the loop. Until its lease ends nobody else is given it.
 *
 * @param release its release under way, else the last one that ended; null if it never had one
 * @param gates by name, what each gate of the release remembers
 * @param intents not yet acted upon, oldest first
 * @param fence rises with every claim of the service; data planes refuse what carries an older one
 * @param revision what {@link ReleaseStore#commit} compares with, so that nothing is overwritten
 * @param recordedBytes how much of the release is recorded by now; 0 where no recording has begun
 * @param recordedBytes how much of the release is recorded by now; 0 where no recording has begun
 */
public record Claim(
    ModelService service,
    Serving serving,
    @Nullable Release release,
    Map<String, GateMemory> gates,
    List<Intent> intents,
    long fence,
    long revision,
    long recordedBytes) {
  public Claim {
    gates = Map.copyOf(gates);
    intents = List.copyOf(intents);
  }

  /**
   * Whether the release's progress is held: it is paused, or what somebody wants of it will hold or
   * end it. What it had earned before is not carried out any more.
   */
  public boolean holdsProgress() {
    return release != null
        && (release.paused() != null || intents.stream().anyMatch(i -> i.kind().holdsProgress()));
  }
}
