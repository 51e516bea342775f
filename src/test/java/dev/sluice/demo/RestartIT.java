package dev.sluice.demo;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code kill -9} of the controller in mid-release, and what becomes of the release. */
@EnabledOnOs(OS.LINUX)
class RestartIT {
  @TempDir private Path directory;

  @Test
  void releaseGoesOnWhereItWasWhenTheControllerIsKilledInShadow() throws Exception {
    Restart.at(Moment.SHADOW, directory);
  }

  /** {@code mvn verify -Psoak}. */
  @Tag("soak")
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SHADOW")
  void releaseEndsAsItMustWheneverTheControllerIsKilled(Moment moment) throws Exception {
    Restart.at(moment, directory);
  }
}
