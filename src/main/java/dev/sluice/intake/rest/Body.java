package dev.sluice.intake.rest;

import dev.sluice.intake.IntakeConfig;
import dev.sluice.intake.document.Syntax;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads request bodies, no further than the limit. */
@Singleton
class Body {
  private final int limit;

  Body(IntakeConfig config) {
    this.limit = config.bodyLimit();
  }

  /** The body as text; 413 above the limit, 400 where it is no UTF-8. */
  String text(InputStream body) {
    try {
      byte[] bytes = body.readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw tooLarge();
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw ApiProblem.badRequest("the body must be UTF-8");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ApiProblem tooLarge() {
    return ApiProblem.of(
        413, "too-large", "The body is too large", "a body is at most " + limit + " bytes");
  }

  /** How a body of that media type is written; JSON unless it says YAML. */
  static Syntax syntax(@Nullable MediaType type) {
    return type != null && type.getSubtype().contains("yaml") ? Syntax.YAML : Syntax.JSON;
  }
}
