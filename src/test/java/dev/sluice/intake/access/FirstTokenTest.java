package dev.sluice.intake.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.store.InMemoryTokens;
import dev.sluice.store.Tokens.Role;
import dev.sluice.store.Tokens.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstTokenTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  @TempDir Path home;
  private final InMemoryTokens tokens = new InMemoryTokens();

  @Test
  void firstStartLeavesAnAdminTokenThatOnlyItsOwnerCanRead() throws IOException {
    first().ensure(NOW);
    Path file = home.resolve("deep").resolve(FirstToken.FILE);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Secret secret = Secret.of(Files.readString(file).strip());
    assertThat(tokens.find(secret.sha256())).contains(new Token("admin", Role.ADMIN, NOW));
  }

  @Test
  void laterStartsChangeNothing() throws IOException {
    first().ensure(NOW);
    String before = Files.readString(home.resolve("deep").resolve(FirstToken.FILE));
    first().ensure(NOW.plusSeconds(1));
    assertThat(home.resolve("deep").resolve(FirstToken.FILE)).hasContent(before.strip());
    assertThat(tokens.all()).hasSize(1);
  }

  @Test
  void secretIsLongRandomAndNeverPrinted() {
    Secret secret = Secret.random();
    assertThat(secret.reveal()).matches("slc_[A-Za-z0-9_-]{43}");
    assertThat(secret.reveal()).isNotEqualTo(Secret.random().reveal());
    assertThat(secret.toString()).isEqualTo("slc_…");
    assertThat(secret.sha256())
        .matches("[0-9a-f]{64}")
        .isEqualTo(Secret.of(secret.reveal()).sha256());
  }

  private FirstToken first() {
    return new FirstToken(tokens, Clock.fixed(NOW, ZoneOffset.UTC), home.resolve("deep"));
  }
}
