package dev.sluice;

import dev.sluice.cli.SluiceCommand;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.Arrays;

/** One program: the controller where it is told to serve, else the command line. */
@QuarkusMain
public final class Sluice {
  private Sluice() {}

  /** {@code serve} runs the controller; anything else is a command. */
  public static void main(String... args) {
    boolean serve = args.length > 0 && args[0].equals("serve");
    // the command line must not wait for Quarkus, nor must its help
    if (serve && Arrays.stream(args).noneMatch(a -> a.equals("--help") || a.equals("-h"))) {
      Serve.run(Arrays.copyOfRange(args, 1, args.length));
    } else {
      System.exit(SluiceCommand.run(args));
    }
  }
}
