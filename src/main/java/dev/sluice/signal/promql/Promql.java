package dev.sluice.signal.promql;

import dev.sluice.signal.promql.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An expression that parses: operators with their precedence, selectors, and that each function,
 * aggregation and operator gets the types it takes. It follows Prometheus 2.42's parser, without
 * experimental functions and native histograms' own syntax; a differential test holds it to that.
 *
 * @param text as written
 * @param type what it yields
 * @param selectors of series in it, in order
 * @param isSelector whether it is nothing but one selector of series
 */
public record Promql(String text, Type type, List<Selector> selectors, boolean isSelector) {
  private static final Set<String> SET_OPERATORS = Set.of("and", "or", "unless");
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", ">", "<=", ">=");

  /** How tightly binary operators bind; {@code ^} binds its right side first. */
  private static final Map<String, Integer> PRECEDENCE =
      Map.ofEntries(
          Map.entry("or", 1),
          Map.entry("and", 2),
          Map.entry("unless", 2),
          Map.entry("==", 3),
          Map.entry("!=", 3),
          Map.entry("<", 3),
          Map.entry(">", 3),
          Map.entry("<=", 3),
          Map.entry(">=", 3),
          Map.entry("+", 4),
          Map.entry("-", 4),
          Map.entry("*", 5),
          Map.entry("/", 5),
          Map.entry("%", 5),
          Map.entry("atan2", 5),
          Map.entry("^", 6));

  private static final int UNARY = 5;

  public Promql {
    selectors = List.copyOf(selectors);
  }

  /**
   * @throws SyntaxError if it doesn't parse: what is wrong, and where
   */
  public static Promql parse(String text) throws SyntaxError {
    Parser parser = new Parser(Token.of(text));
    Term whole = parser.expression(0);
    if (parser.peek().kind() != Kind.END) {
      throw parser.unexpected("after the expression");
    }
    return new Promql(text, whole.type, parser.selectors, whole.form == Form.SELECTOR);
  }

  /** What may follow a term. */
  private enum Form {
    /** May still get a range, an offset or @. */
    SELECTOR,
    /** A selector with an offset or @, or a range: may get those still. */
    SHIFTED,
    OTHER
  }

  private record Term(Type type, Form form) {
    static Term of(Type type) {
      return new Term(type, Form.OTHER);
    }
  }

  private static final class Parser {
    private final List<Token> tokens;
    private final List<Selector> selectors = new ArrayList<>();
    private int next;

    Parser(List<Token> tokens) {
      this.tokens = tokens;
    }

    Token peek() {
      return tokens.get(next);
    }

    private Token take() {
      return tokens.get(next++);
    }

    private boolean takeIf(String sign) {
      if (peek().is(sign)) {
        next++;
        return true;
      }
      return false;
    }

    private void expect(String sign, String where) throws SyntaxError {
      if (!takeIf(sign)) {
        throw new SyntaxError(
            peek().offset(), "expected '" + sign + "' " + where + ", was " + peek());
      }
    }

    SyntaxError unexpected(String where) {
      return new SyntaxError(peek().offset(), "unexpected " + peek() + " " + where);
    }

    /** Everything that binds more tightly than {@code least}. */
    Term expression(int least) throws SyntaxError {
      Term left = unary();
      while (true) {
        Token sign = peek();
        String operator = sign.kind() == Kind.NAME ? lower(sign) : sign.text();
        Integer precedence =
            sign.kind() == Kind.NAME || sign.kind() == Kind.SIGN ? PRECEDENCE.get(operator) : null;
        if (precedence == null || precedence <= least) {
          return left;
        }
        next++;
        boolean bool = false;
        if (peek().isWord("bool")) {
          next++;
          bool = true;
          if (!COMPARISONS.contains(operator)) {
            throw new SyntaxError(sign.offset(), "bool can only be said of comparisons");
          }
        }
        boolean matched = matching(operator);
        Term right = expression(operator.equals("^") ? precedence - 1 : precedence);
        left = Term.of(combined(sign, operator, bool, matched, left.type, right.type));
      }
    }

    private static Type combined(
        Token sign, String operator, boolean bool, boolean matched, Type left, Type right)
        throws SyntaxError {
      for (Type side : List.of(left, right)) {
        if (side != Type.SCALAR && side != Type.VECTOR) {
          throw new SyntaxError(
              sign.offset(), "'" + operator + "' takes scalars and vectors, not a " + side.told());
        }
      }
      boolean vectors = left == Type.VECTOR && right == Type.VECTOR;
      if (SET_OPERATORS.contains(operator) && !vectors) {
        throw new SyntaxError(sign.offset(), "'" + operator + "' takes vectors only");
      }
      if (matched && !vectors) {
        throw new SyntaxError(sign.offset(), "on and ignoring are for two vectors");
      }
      if (left == Type.SCALAR && right == Type.SCALAR) {
        if (COMPARISONS.contains(operator) && !bool) {
          throw new SyntaxError(sign.offset(), "a comparison of two scalars needs bool");
        }
        return Type.SCALAR;
      }
      return Type.VECTOR;
    }

    /** {@code on (…) group_left (…)}. */
    private boolean matching(String operator) throws SyntaxError {
      if (!peek().isWord("on") && !peek().isWord("ignoring")) {
        return false;
      }
      next++;
      labels();
      if (peek().isWord("group_left") || peek().isWord("group_right")) {
        if (SET_OPERATORS.contains(operator)) {
          throw unexpected("with '" + operator + "'");
        }
        next++;
        if (peek().is("(")) {
          labels();
        }
      }
      return true;
    }

    private void labels() throws SyntaxError {
      expect("(", "before label names");
      while (!takeIf(")")) {
        label();
        if (!takeIf(",") && !peek().is(")")) {
          throw unexpected("among label names");
        }
      }
    }

    private String label() throws SyntaxError {
      Token name = take();
      if (name.kind() != Kind.NAME || name.text().contains(":")) {
        throw new SyntaxError(name.offset(), "expected a label name, was " + name);
      }
      return name.text();
    }

    private Term unary() throws SyntaxError {
      if (peek().is("-") || peek().is("+")) {
        Token sign = take();
        // binds more loosely than ^: -2^2 is -4
        Term of = expression(UNARY);
        if (of.type != Type.SCALAR && of.type != Type.VECTOR) {
          throw new SyntaxError(
              sign.offset(), "a sign before a " + of.type.told() + " means nothing");
        }
        return Term.of(of.type);
      }
      Term term = primary();
      while (true) {
        Token at = peek();
        if (at.is("[")) {
          term = range(term);
        } else if (at.isWord("offset")) {
          next++;
          shiftable(term, at, "offset");
          boolean signed = takeIf("-") || takeIf("+");
          if (peek().kind() != Kind.DURATION) {
            throw unexpected(signed ? "after the sign of offset" : "after offset");
          }
          next++;
          term = new Term(term.type, Form.SHIFTED);
        } else if (at.is("@")) {
          next++;
          shiftable(term, at, "@");
          moment();
          term = new Term(term.type, Form.SHIFTED);
        } else {
          return term;
        }
      }
    }

    private static void shiftable(Term term, Token at, String what) throws SyntaxError {
      if (term.form == Form.OTHER) {
        throw new SyntaxError(at.offset(), what + " can only follow a selector or a range of one");
      }
    }

    private void moment() throws SyntaxError {
      if (peek().isWord("start") || peek().isWord("end")) {
        next++;
        expect("(", "after @");
        expect(")", "after @");
        return;
      }
      boolean signed = takeIf("-") || takeIf("+");
      if (peek().kind() != Kind.NUMBER && peek().kind() != Kind.DURATION) {
        throw unexpected(signed ? "after the sign of @" : "after @");
      }
      next++;
    }

    /** {@code [5m]}, or of any vector {@code [1h:5m]}. */
    private Term range(Term of) throws SyntaxError {
      Token open = take();
      duration();
      boolean subquery = takeIf(":");
      if (subquery && !peek().is("]")) {
        duration();
      }
      expect("]", "after a range");
      if (subquery) {
        if (of.type != Type.VECTOR) {
          throw new SyntaxError(
              open.offset(), "a subquery is of an instant vector, not of a " + of.type.told());
        }
      } else if (of.form != Form.SELECTOR) {
        throw new SyntaxError(open.offset(), "a range must directly follow a selector of series");
      }
      return new Term(Type.MATRIX, Form.SHIFTED);
    }

    private void duration() throws SyntaxError {
      Token length = take();
      if (length.kind() != Kind.DURATION) {
        throw new SyntaxError(
            length.offset(), "expected a length of time such as 5m, was " + length);
      }
      if (length.text().chars().noneMatch(c -> c >= '1' && c <= '9')) {
        throw new SyntaxError(length.offset(), "a length of time must be above 0");
      }
    }

    private Term primary() throws SyntaxError {
      Token token = peek();
      switch (token.kind()) {
        case NUMBER -> {
          next++;
          return Term.of(Type.SCALAR);
        }
        case STRING -> {
          next++;
          return Term.of(Type.STRING);
        }
        case NAME -> {
          return named(take());
        }
        case SIGN -> {
          if (token.is("{")) {
            return selector("", token);
          }
          if (takeIf("(")) {
            Term inner = expression(0);
            expect(")", "to close '('");
            return Term.of(inner.type);
          }
        }
        case DURATION, END -> {}
      }
      throw unexpected("where an expression should be");
    }

    private Term named(Token name) throws SyntaxError {
      String word = lower(name);
      if (Type.aggregates(word)
          && (peek().is("(") || peek().isWord("by") || peek().isWord("without"))) {
        return aggregation(name);
      }
      if (peek().is("(")) {
        return call(name);
      }
      if (word.equals("inf") || word.equals("nan")) {
        return Term.of(Type.SCALAR);
      }
      if (PRECEDENCE.containsKey(word) || word.equals("offset") || word.equals("bool")) {
        next--;
        throw unexpected("where an expression should be");
      }
      return selector(name.text(), name);
    }

    private Term aggregation(Token name) throws SyntaxError {
      boolean grouped = grouping();
      List<Token> places = new ArrayList<>();
      List<Type> given = arguments(places);
      if (!grouped) {
        grouping();
      }
      Type parameter = Type.parameter(name.text());
      check(
          name,
          new Type.Function(
              Type.VECTOR,
              parameter == null ? List.of(Type.VECTOR) : List.of(parameter, Type.VECTOR),
              parameter == null ? 1 : 2,
              false),
          given,
          places);
      return Term.of(Type.VECTOR);
    }

    private boolean grouping() throws SyntaxError {
      if (peek().isWord("by") || peek().isWord("without")) {
        next++;
        labels();
        return true;
      }
      return false;
    }

    private Term call(Token name) throws SyntaxError {
      Type.Function function = Type.function(name.text());
      if (function == null) {
        throw new SyntaxError(name.offset(), "there is no function '" + name.text() + "'");
      }
      List<Token> places = new ArrayList<>();
      check(name, function, arguments(places), places);
      return Term.of(function.yields());
    }

    private List<Type> arguments(List<Token> places) throws SyntaxError {
      expect("(", "before arguments");
      List<Type> given = new ArrayList<>();
      if (takeIf(")")) {
        return given;
      }
      do {
        places.add(peek());
        given.add(expression(0).type);
      } while (takeIf(","));
      expect(")", "after arguments");
      return given;
    }

    private static void check(
        Token name, Type.Function function, List<Type> given, List<Token> places)
        throws SyntaxError {
      List<Type> takes = function.takes();
      if (given.size() < function.required()
          || (given.size() > takes.size() && !function.repeats())) {
        throw new SyntaxError(
            name.offset(),
            "'%s' takes %s argument%s (%s), was given %s"
                .formatted(
                    name.text(),
                    function.required(),
                    function.required() == 1 ? "" : "s",
                    takes.stream().map(Type::told).collect(Collectors.joining(", ")),
                    given.size()));
      }
      for (int i = 0; i < given.size(); i++) {
        Type wanted = takes.get(Math.min(i, takes.size() - 1));
        if (given.get(i) != wanted) {
          throw new SyntaxError(
              places.get(i).offset(),
              "argument %s of '%s' must be of type %s, was %s"
                  .formatted(i + 1, name.text(), wanted.told(), given.get(i).told()));
        }
      }
    }

    private Term selector(String metric, Token at) throws SyntaxError {
      List<Matcher> matchers = new ArrayList<>();
      if (takeIf("{")) {
        while (!takeIf("}")) {
          matchers.add(matcher());
          if (!takeIf(",") && !peek().is("}")) {
            throw unexpected("among label matchers");
          }
        }
      }
      if (!metric.isEmpty()
          && matchers.stream().anyMatch(matcher -> matcher.label().equals(Selector.NAME))) {
        throw new SyntaxError(at.offset(), "the metric's name is set twice: '" + metric + "'");
      }
      if (metric.isEmpty() && matchers.stream().allMatch(m -> m.test(Map.of()))) {
        throw new SyntaxError(
            at.offset(), "a selector must have a matcher that doesn't match the empty text");
      }
      selectors.add(new Selector(metric, matchers));
      return new Term(Type.VECTOR, Form.SELECTOR);
    }

    private Matcher matcher() throws SyntaxError {
      String label = label();
      Token sign = take();
      Matcher.@Nullable Op op = null;
      if (sign.kind() == Kind.SIGN && Set.of("=", "!=", "=~", "!~").contains(sign.text())) {
        op = Matcher.Op.of(sign.text());
      }
      if (op == null) {
        throw new SyntaxError(
            sign.offset(), "expected one of = != =~ !~ after '" + label + "', was " + sign);
      }
      Token value = take();
      if (value.kind() != Kind.STRING) {
        throw new SyntaxError(value.offset(), "expected a value in quotes, was " + value);
      }
      try {
        return new Matcher(label, op, value.text());
      } catch (IllegalArgumentException e) {
        throw new SyntaxError(value.offset(), String.valueOf(e.getMessage()));
      }
    }

    private static String lower(Token word) {
      return word.text().toLowerCase(Locale.ROOT);
    }
  }
}
