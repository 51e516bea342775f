package dev.sluice.store;

class InMemoryIntakeTest extends IntakeContract {
  private final ReleaseStore store = new InMemoryReleaseStore();

  @Override
  ReleaseStore store() {
    return store;
  }
}
