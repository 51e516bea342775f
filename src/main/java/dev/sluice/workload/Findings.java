package dev.sluice.workload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.workload.ProbeResult.Check;
import java.util.ArrayList;
import java.util.List;

/** What a probe has seen so far. One probe, one thread. */
final class Findings {
  final List<Check> checks = new ArrayList<>();

  /** How many inferences were answered. */
  int inferences;

  boolean proven;

  void vital(String name, boolean ok, String detail) {
    checks.add(new Check(name, true, ok, detail));
  }

  void failed(String name, String detail) {
    vital(name, false, detail);
  }

  boolean expect200(String name, ProbeHttp.Answer answer) {
    vital(name, answer.status() == 200, answer.brief());
    return answer.status() == 200;
  }

  boolean expectEcho(String name, JsonNode echoed, String expected) {
    boolean same = echoed.isTextual() && echoed.textValue().equals(expected);
    vital(
        name,
        same,
        same
            ? expected
            : "expected '"
                + expected
                + "' echoed, was "
                + (echoed.isMissingNode() ? "not there" : echoed));
    return same;
  }

  /** Takes over the checks of a part, each under its name once: the later one tells. */
  void add(Findings part) {
    part.checks.forEach(
        check -> {
          checks.removeIf(before -> before.name().equals(check.name()) && before.ok());
          checks.add(check);
        });
    inferences += part.inferences;
  }
}
