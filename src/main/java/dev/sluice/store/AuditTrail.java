package dev.sluice.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Who changed what, in a chain of digests: each row is bound to the one before it, so a row that
 * was changed, slipped in or taken out shows. Rows cut off the end can't be told from rows never
 * written, unless the last digest is known from elsewhere: see {@link #head()}.
 */
public interface AuditTrail {
  /**
   * One mutation.
   *
   * @param sequence from 1, without gaps
   * @param action as {@code service.put}, {@code release.submit}, {@code release.rolling-back}
   * @param subject what it was done to, as {@code service digits} or {@code release <id>}
   */
  record Entry(
      long sequence, Instant at, String actor, String action, String subject, String detail) {}

  /**
   * An entry in its place in the chain.
   *
   * @param previous digest of the row before it
   * @param digest SHA-256, in hex, of {@code previous} followed by the row as a JSON array
   */
  record Link(Entry entry, String previous, String digest) {}

  /** What was done to one subject, oldest first; the newest 1,000. */
  List<Link> about(String subject);

  /** Oldest first, only those with a higher sequence number than {@code after}. */
  List<Entry> entries(long after, int limit);

  /** The digest of the last row; keep it elsewhere to see later that none was cut off. */
  String head();

  /** Walks the whole chain; empty if it holds, else one sentence that names the first bad row. */
  Optional<String> verify();
}
