package dev.sluice.intake.document;

import dev.sluice.model.Problem;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * What a number of texts hold.
 *
 * @param documents the sound ones, in reading order
 * @param problems all that is wrong, by the file it is in; a file without problems is left out
 */
public record Reading(List<Found> documents, SequencedMap<String, List<Problem>> problems) {
  /**
   * A sound document.
   *
   * @param source name of the {@link Source} it is in
   */
  public record Found(String source, Document document) {}

  public Reading {
    documents = List.copyOf(documents);
    problems = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(problems));
  }
}
