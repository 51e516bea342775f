package dev.sluice.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/** What {@code sluice --version} says: the version that the build wrote into the program's jar. */
final class ProgramVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {line(ProgramVersion.class.getPackage().getImplementationVersion())};
  }

  /**
   * @param built null for classes that were never packaged
   */
  static String line(@Nullable String built) {
    return "sluice " + Objects.requireNonNullElse(built, "(unpackaged classes, no version)");
  }
}
