package dev.sluice.signal.http;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Where a server is that Sluice asks, and what it wants to see. */
public interface HttpSource {
  /** Its address; may have a path. */
  URI url();

  /** For HTTP basic authentication. */
  Optional<String> username();

  Optional<String> password();

  /** For bearer authentication. */
  Optional<String> bearerToken();

  /** The same from a file that is read at each question, for platforms that renew it. */
  Optional<Path> bearerTokenFile();

  /** Name of a Quarkus TLS configuration: whom to trust, what to show. */
  Optional<String> tlsConfigurationName();
}
