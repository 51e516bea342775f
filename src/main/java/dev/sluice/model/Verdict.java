package dev.sluice.model;

/**
 * What a gate says. An outage is never a verdict on the model: evidence that can't be had is {@link
 * Inconclusive}, evidence that is not enough yet {@link Undecided}; neither ever passes (law 19).
 */
public sealed interface Verdict {
  /** The word of 1-domain: {@code pass}, {@code fail}, {@code undecided}, {@code inconclusive}. */
  String word();

  /** One sentence, for someone who wasn't there. */
  String why();

  record Pass(String why) implements Verdict {
    @Override
    public String word() {
      return "pass";
    }
  }

  record Fail(String why) implements Verdict {
    @Override
    public String word() {
      return "fail";
    }
  }

  /** More data can still come. */
  record Undecided(String why) implements Verdict {
    @Override
    public String word() {
      return "undecided";
    }
  }

  /** The evidence can't be had: source down, selector matches nothing, labels missing. */
  record Inconclusive(String why) implements Verdict {
    @Override
    public String word() {
      return "inconclusive";
    }
  }

  /** The verdict with that word; {@link IllegalArgumentException} for another word. */
  static Verdict of(String word, String why) {
    return switch (word) {
      case "pass" -> new Pass(why);
      case "fail" -> new Fail(why);
      case "undecided" -> new Undecided(why);
      case "inconclusive" -> new Inconclusive(why);
      default -> throw new IllegalArgumentException("no such verdict: '" + word + "'");
    };
  }
}
