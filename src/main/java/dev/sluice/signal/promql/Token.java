package dev.sluice.signal.promql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One word of an expression.
 *
 * @param text as written; of a string what it stands for
 * @param offset where it begins, from 0
 */
record Token(Kind kind, String text, int offset) {
  enum Kind {
    NAME,
    NUMBER,
    DURATION,
    STRING,
    SIGN,
    END
  }

  private static final Pattern BLANK = Pattern.compile("(?:\\s|#[^\\n]*)+");
  private static final Pattern DURATION =
      Pattern.compile(
          "(?=\\d)(?:\\d+y)?(?:\\d+w)?(?:\\d+d)?(?:\\d+h)?(?:\\d+m(?!s))?(?:\\d+s)?(?:\\d+ms)?"
              + "(?![\\w.])");
  private static final Pattern NUMBER =
      Pattern.compile("(?:0[xX][0-9a-fA-F]+|(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)(?![\\w.])");
  private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
  private static final Pattern SIGN = Pattern.compile("=~|!~|==|!=|>=|<=|[-+*/%^(){}\\[\\],=<>@:]");

  boolean is(String sign) {
    return kind == Kind.SIGN && text.equals(sign);
  }

  /** Whether it is a keyword; those may be written in capitals. */
  boolean isWord(String word) {
    return kind == Kind.NAME && text.toLowerCase(Locale.ROOT).equals(word);
  }

  @Override
  public String toString() {
    return kind == Kind.END ? "the end" : "'" + text + "'";
  }

  /** All words of an expression; the last is {@link Kind#END}. */
  static List<Token> of(String text) throws SyntaxError {
    List<Token> tokens = new ArrayList<>();
    Matcher at = Pattern.compile("").matcher(text).useAnchoringBounds(true);
    int offset = 0;
    // inside brackets a colon parts the two durations of a subquery, elsewhere it may begin a name
    int brackets = 0;
    while (true) {
      at.region(offset, text.length());
      if (at.usePattern(BLANK).lookingAt()) {
        offset = at.end();
        at.region(offset, text.length());
      }
      if (offset == text.length()) {
        tokens.add(new Token(Kind.END, "", offset));
        return tokens;
      }
      char first = text.charAt(offset);
      if (first == '"' || first == '\'' || first == '`') {
        StringBuilder value = new StringBuilder();
        int end = string(text, offset, value);
        tokens.add(new Token(Kind.STRING, value.toString(), offset));
        offset = end;
        continue;
      }
      Kind kind = null;
      at.useTransparentBounds(true);
      if (at.usePattern(DURATION).lookingAt() && at.end() > offset) {
        kind = Kind.DURATION;
      } else if (at.usePattern(NUMBER).lookingAt()) {
        kind = Kind.NUMBER;
      } else if ((first != ':' || brackets == 0) && at.usePattern(NAME).lookingAt()) {
        kind = Kind.NAME;
      } else if (at.usePattern(SIGN).lookingAt()) {
        kind = Kind.SIGN;
      } else {
        throw new SyntaxError(offset, "unexpected '" + first + "'");
      }
      Token token = new Token(kind, at.group(), offset);
      brackets += token.is("[") ? 1 : token.is("]") ? -1 : 0;
      tokens.add(token);
      offset = at.end();
    }
  }

  private static int string(String text, int start, StringBuilder value) throws SyntaxError {
    char quote = text.charAt(start);
    int i = start + 1;
    while (i < text.length()) {
      char c = text.charAt(i++);
      if (c == quote) {
        return i;
      }
      if (c == '\n' && quote != '`') {
        break;
      }
      if (c != '\\' || quote == '`') {
        value.append(c);
        continue;
      }
      int known = i < text.length() ? "abfnrtv\\'\"".indexOf(text.charAt(i)) : -1;
      if (known >= 0) {
        value.append("\u0007\b\f\n\r\t\u000b\\'\"".charAt(known));
        i++;
        continue;
      }
      int digits = i < text.length() ? "xuU".indexOf(text.charAt(i)) : -1;
      int length = digits < 0 ? 0 : new int[] {2, 4, 8}[digits];
      if (length == 0 || i + length >= text.length()) {
        throw new SyntaxError(i - 1, "an unknown escape in a string: '\\" + rest(text, i) + "'");
      }
      try {
        value.appendCodePoint(Integer.parseInt(text.substring(i + 1, i + 1 + length), 16));
      } catch (IllegalArgumentException e) {
        throw new SyntaxError(i - 1, "an unknown escape in a string: '\\" + rest(text, i) + "'");
      }
      i += 1 + length;
    }
    throw new SyntaxError(start, "a string that doesn't end");
  }

  private static String rest(String text, int from) {
    return text.substring(Math.min(from, text.length()), Math.min(from + 1, text.length()));
  }
}
