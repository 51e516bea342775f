package dev.sluice.intake.document;

import dev.sluice.model.FallbackLadder;
import dev.sluice.model.FallbackLadder.Rung;
import dev.sluice.model.VersionName;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the rungs of a fallback ladder: a list of mappings with one key each. */
final class LadderReader {
  private static final String YET = "by this version of Sluice";

  private LadderReader() {}

  static FallbackLadder read(
      List<Node> items, String path, Set<String> providerHosts, Problems problems) {
    List<Rung> rungs = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      Fields item = new Fields(items.get(i), path + "[" + i + "]", problems);
      int before = problems.count();
      Rung rung = rung(item, providerHosts, problems);
      item.end();
      if (item.entries().size() != 1) {
        problems.add(
            path + "[" + i + "]",
            item.at(),
            "must have one key: version, provider, rule or disabled");
      } else if (rung != null && problems.count() == before) {
        rungs.add(rung);
      }
    }
    return new FallbackLadder(rungs);
  }

  private static @Nullable Rung rung(Fields item, Set<String> providerHosts, Problems problems) {
    int before = problems.count();
    item.notYet("cache", YET);
    if (item.has("version")) {
      Fields version = item.object("version");
      String name = version.label("name");
      version.notYet("replicas", YET);
      version.end();
      return problems.count() > before
          ? null
          : new FallbackLadder.SmallerVersion(new VersionName(name));
    }
    if (item.has("provider")) {
      Fields provider = item.object("provider");
      String name = provider.label("name");
      URI url = provider.uri("url");
      if (url.getHost() != null && !providerHosts.contains(url.getHost())) {
        provider.wrong(
            "url",
            "host "
                + url.getHost()
                + " is not among sluice.intake.provider-hosts "
                + providerHosts);
      } else if (url.isAbsolute() && url.getHost() == null) {
        provider.wrong("url", "must name a host, was '" + url + "'");
      }
      provider.notYet("model", YET);
      provider.notYet("breaker", YET);
      provider.end();
      return problems.count() > before ? null : new FallbackLadder.Provider(name, url);
    }
    if (item.has("rule")) {
      Fields rule = item.object("rule");
      int status = rule.count("status", 200, 599, 200);
      Node body = rule.node("body");
      if (body == null) {
        rule.wrong("body", "is missing");
      }
      rule.end();
      return body == null ? null : new FallbackLadder.Rule(status, Json.text(body));
    }
    if (item.has("disabled")) {
      Fields disabled = item.object("disabled");
      String message = disabled.text("message");
      disabled.end();
      return new FallbackLadder.Disabled(message);
    }
    return null;
  }
}
