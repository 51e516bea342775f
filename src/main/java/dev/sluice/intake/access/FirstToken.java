package dev.sluice.intake.access;

import dev.sluice.model.Event;
import dev.sluice.store.Tokens;
import dev.sluice.store.Tokens.Role;
import dev.sluice.store.Tokens.Token;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Gives a controller that knows no token its first one, where the command line finds it. */
@Singleton
class FirstToken {
  /** The file, below {@code sluice.home}. */
  static final String FILE = "admin-token";

  private static final Logger LOG = Logger.getLogger(FirstToken.class);

  private final Tokens tokens;
  private final Clock clock;
  private final Path home;

  FirstToken(
      Tokens tokens,
      Clock clock,
      @ConfigProperty(name = "sluice.home", defaultValue = ".sluice") Path home) {
    this.tokens = tokens;
    this.clock = clock;
    this.home = home;
  }

  void atStart(@Observes StartupEvent event) {
    ensure(clock.instant());
  }

  /** Adds an admin token and writes it to {@code admin-token}, mode 0600, unless one exists. */
  void ensure(Instant now) {
    if (!tokens.all().isEmpty()) {
      return;
    }
    Secret secret = Secret.random();
    // the file first: a token that nobody can read would lock everyone out for good
    Path file = write(secret);
    tokens.add(new Token("admin", Role.ADMIN, now), secret.sha256(), Event.SLUICE);
    LOG.infof("first start: the admin token is in %s", file);
  }

  private Path write(Secret secret) {
    Path file = home.resolve(FILE);
    try {
      Files.createDirectories(home);
      Path fresh =
          Files.createTempFile(
              home,
              FILE,
              ".new",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(fresh, secret.reveal() + "\n");
      return Files.move(
          fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("can't write the first admin token to " + file, e);
    }
  }
}
