package dev.sluice.router.admission;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a request of the OpenAI protocol (chat completions, completions, embeddings).
 *
 * @param input as estimated: one for each four bytes of text, the rule of thumb of OpenAI's
 *     documentation, or as many as there are where a prompt is given as tokens. Only the engine
 *     knows how its tokenizer splits a text; media that are given by address or as data don't count
 * @param output that it asks for at most; null if it doesn't say
 * @param generates whether it asks for output at all: an embedding doesn't
 */
record RequestTokens(int input, @Nullable Integer output, boolean generates) {
  private static final int BYTES_PER_TOKEN = 4;
  private static final JsonFactory JSON = new JsonFactory();
  private static final Set<String> TEXTS = Set.of("messages", "prompt", "input", "instructions");
  private static final Set<String> GENERATING = Set.of("messages", "prompt");
  private static final Set<String> OUTPUT = Set.of("max_tokens", "max_completion_tokens");
  private static final Set<String> MEDIA = Set.of("url", "image_url", "data");

  /** Null if it isn't a JSON object, or says something else than a number of tokens. */
  static @Nullable RequestTokens read(byte[] body) {
    try (JsonParser json = JSON.createParser(body)) {
      return json.nextToken() == JsonToken.START_OBJECT ? read(json) : null;
    } catch (IOException notJson) {
      return null;
    }
  }

  private static @Nullable RequestTokens read(JsonParser json) throws IOException {
    long bytes = 0;
    long given = 0;
    Integer output = null;
    boolean generates = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      generates |= GENERATING.contains(field);
      if (OUTPUT.contains(field) && value != JsonToken.VALUE_NULL) {
        if (value != JsonToken.VALUE_NUMBER_INT || json.getLongValue() < 0) {
          return null;
        }
        int asked = (int) Math.min(json.getLongValue(), Integer.MAX_VALUE);
        output = output == null ? asked : Math.max(output, asked);
      } else if (TEXTS.contains(field)) {
        int depth = 0;
        JsonToken here = value;
        do {
          depth += here.isStructStart() ? 1 : here.isStructEnd() ? -1 : 0;
          String name = json.currentName(); // null within a list
          if (here == JsonToken.VALUE_STRING && (name == null || !MEDIA.contains(name))) {
            bytes += utf8(json);
          } else if (here == JsonToken.VALUE_NUMBER_INT) {
            given++;
          }
          here = depth == 0 ? null : json.nextToken();
        } while (here != null);
      } else {
        json.skipChildren();
      }
    }
    long input = given + Math.ceilDiv(bytes, BYTES_PER_TOKEN);
    return new RequestTokens((int) Math.min(input, Integer.MAX_VALUE), output, generates);
  }

  private static long utf8(JsonParser json) throws IOException {
    char[] text = json.getTextCharacters();
    int end = json.getTextOffset() + json.getTextLength();
    long bytes = 0;
    for (int i = json.getTextOffset(); i < end; i++) {
      char c = text[i];
      // half of a pair is two of its four bytes
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }
}
