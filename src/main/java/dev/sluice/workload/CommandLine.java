package dev.sluice.workload;

import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import dev.sluice.model.Rejected;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The command line of one server process. No shell ever sees it. */
final class CommandLine {
  private CommandLine() {}

  /**
   * The service's command with the version's arguments appended and the placeholders filled in.
   *
   * @throws Rejected if there is no command, or its program can't be found
   */
  static List<String> of(ModelService service, ModelVersion version, int port, Path model) {
    List<String> template = new ArrayList<>(service.placement().command());
    if (template.isEmpty()) {
      throw new Rejected(
          "service '"
              + service.name()
              + "' runs as a process but its placement has no command, as [\"server\", \"--port\","
              + " \"{port}\", \"--model\", \"{model}\"]");
    }
    template.addAll(version.arguments());
    List<String> command =
        template.stream()
            .map(
                argument ->
                    argument
                        .replace("{port}", Integer.toString(port))
                        .replace("{model}", model.toString())
                        .replace("{version}", version.name().value())
                        .replace("{service}", service.name().value()))
            .toList();
    if (program(command.getFirst()).isEmpty()) {
      throw new Rejected(
          "the command of service '"
              + service.name()
              + "' starts with '"
              + command.getFirst()
              + "', which is no executable file or program on the PATH");
    }
    return command;
  }

  /** Where a program lies: a path as it is, a bare name looked up on the PATH. */
  static Optional<Path> program(String name) {
    if (name.contains(File.separator)) {
      return Optional.of(Path.of(name)).filter(CommandLine::isProgram);
    }
    String path = System.getenv().getOrDefault("PATH", "");
    for (String folder : path.split(File.pathSeparator, -1)) {
      Path candidate = Path.of(folder, name);
      if (isProgram(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  private static boolean isProgram(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }
}
