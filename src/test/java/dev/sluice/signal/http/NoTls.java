package dev.sluice.signal.http;

import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** No TLS is set up. */
public final class NoTls implements TlsConfigurationRegistry {
  @Override
  public Optional<TlsConfiguration> get(String name) {
    return Optional.empty();
  }

  @Override
  public Optional<TlsConfiguration> getDefault() {
    return Optional.empty();
  }

  @Override
  public void register(String name, @Nullable TlsConfiguration configuration) {
    throw new AssertionError("nobody may register " + name);
  }
}
