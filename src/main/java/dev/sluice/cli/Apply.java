package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Sends the documents of files to the server one by one, as they are written. */
final class Apply {
  static final String YAML = "application/yaml";

  private final SluiceCommand sluice;
  private final String kind;
  private final String collection;

  /**
   * @param kind the only kind of document it takes
   * @param collection as {@code /services}
   */
  Apply(SluiceCommand sluice, String kind, String collection) {
    this.sluice = sluice;
    this.kind = kind;
    this.collection = collection;
  }

  /**
   * Reads all files before it sends the first document, so that a broken file changes nothing; then
   * stops at the first document that is refused.
   *
   * @return the exit status
   */
  int files(List<String> files) {
    List<Documents.Document> documents = new ArrayList<>();
    for (String file : files) {
      List<Documents.Document> found = Documents.split(file, Documents.text(file));
      if (found.isEmpty()) {
        throw new Documents.Unreadable(file + ": holds no document");
      }
      found.forEach(this::check);
      documents.addAll(found);
    }
    Api api = sluice.api();
    for (Documents.Document document : documents) {
      if (!send(api, document)) {
        return ExitCode.ERROR;
      }
    }
    return ExitCode.FINE;
  }

  private void check(Documents.Document document) {
    String place = document.file() + ":" + (document.linesBefore() + 1) + ":1: ";
    if (!document.kind().equals(kind)) {
      throw new Documents.Unreadable(
          place + "kind: must be " + kind + " here, was '" + document.kind() + "'");
    }
    if (document.name().isEmpty()) {
      throw new Documents.Unreadable(place + "metadata.name: is missing");
    }
  }

  private boolean send(Api api, Documents.Document document) {
    try {
      Api.Reply reply =
          api.put(collection + "/" + Api.encoded(document.name()), YAML, document.text());
      String did = reply.status() == 201 ? "created" : "applied";
      JsonNode body = reply.body();
      sluice.output().show(body, b -> kind + " " + document.name() + " " + did);
      return true;
    } catch (Refused refused) {
      if (refused.findings().isEmpty()) {
        sluice.err().println(document.file() + ": " + document.name() + ": " + refused.sentence());
      }
      refused
          .findings()
          .forEach(f -> sluice.err().println(f.in(document.file(), document.linesBefore())));
      return false;
    }
  }
}
