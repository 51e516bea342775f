package dev.sluice.store;

import dev.sluice.model.Phase;
import dev.sluice.model.RecordedLook;
import dev.sluice.model.Release;
import dev.sluice.model.ReleaseId;
import dev.sluice.store.ReleaseStore.StoredRecording;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/** Recordings, in parts that only ever are added or packed: no entity stands for one. */
@ApplicationScoped
class RecordingRows {
  /** So many looks are packed into one part: together they deflate, one by one they don't. */
  private static final int PACKED_AT = 64;

  private final EntityManager database;

  RecordingRows(EntityManager database) {
    this.database = database;
  }

  /** Bytes of looks that the release has; 0 where its recording has not begun. */
  long bytes(ReleaseId release) {
    Number bytes =
        (Number)
            database
                .createNativeQuery(
                    "SELECT bytes FROM recording WHERE release = :release", Long.class)
                .setParameter("release", release.value())
                .getSingleResultOrNull();
    return bytes == null ? 0 : bytes.longValue();
  }

  void append(Release release, RecordedLook recorded, Instant now) {
    if (recorded.opening() != null) {
      database
          .createNativeQuery(
              """
              INSERT INTO recording (release, begun_at, opening, bytes)
              VALUES (:release, :now, :opening, 0)
              """)
          .setParameter("release", release.id().value())
          .setParameter("now", now)
          .setParameter("opening", recorded.opening())
          .executeUpdate();
    }
    int begun =
        database
            .createNativeQuery(
                "UPDATE recording SET bytes = bytes + :more WHERE release = :release")
            .setParameter("more", recorded.look().length)
            .setParameter("release", release.id().value())
            .executeUpdate();
    if (begun == 0) {
      return; // it had its time while the release was still under way
    }
    add(release.id(), false, recorded.look());
    boolean last =
        release.phase() instanceof Phase.RollingBack || release.phase() instanceof Phase.Succeeded;
    if (last || unpacked(release.id()) >= PACKED_AT) {
      pack(release.id());
    }
  }

  private long unpacked(ReleaseId release) {
    return (Long)
        database
            .createNativeQuery(
                "SELECT count(*) FROM recording_part WHERE release = :release AND NOT packed",
                Long.class)
            .setParameter("release", release.value())
            .getSingleResult();
  }

  private void add(ReleaseId release, boolean packed, byte[] looks) {
    database
        .createNativeQuery(
            """
            INSERT INTO recording_part (release, packed, looks) VALUES (:release, :packed, :looks)
            """)
        .setParameter("release", release.value())
        .setParameter("packed", packed)
        .setParameter("looks", looks)
        .executeUpdate();
  }

  private List<byte[]> open(ReleaseId release) {
    List<?> looks =
        database
            .createNativeQuery(
                """
                SELECT looks FROM recording_part
                WHERE release = :release AND NOT packed ORDER BY sequence
                """,
                byte[].class)
            .setParameter("release", release.value())
            .getResultList();
    return looks.stream().map(byte[].class::cast).toList();
  }

  private void pack(ReleaseId release) {
    List<byte[]> open = open(release);
    database
        .createNativeQuery("DELETE FROM recording_part WHERE release = :release AND NOT packed")
        .setParameter("release", release.value())
        .executeUpdate();
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream to = new DeflaterOutputStream(packed)) {
      for (byte[] look : open) {
        to.write(look);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // no memory throws it
    }
    add(release, true, packed.toByteArray());
  }

  Optional<StoredRecording> of(ReleaseId release) {
    String opening =
        (String)
            database
                .createNativeQuery(
                    "SELECT opening FROM recording WHERE release = :release", String.class)
                .setParameter("release", release.value())
                .getSingleResultOrNull();
    if (opening == null) {
      return Optional.empty();
    }
    List<?> parts =
        database
            .createNativeQuery(
                """
                SELECT packed, looks FROM recording_part
                WHERE release = :release ORDER BY sequence
                """,
                Object[].class)
            .setParameter("release", release.value())
            .getResultList();
    ByteArrayOutputStream looks = new ByteArrayOutputStream();
    for (Object part : parts) {
      Object[] row = (Object[]) part;
      byte[] bytes = (byte[]) row[1];
      looks.writeBytes((Boolean) row[0] ? inflated(bytes) : bytes);
    }
    return Optional.of(new StoredRecording(opening, looks.toByteArray()));
  }

  private static byte[] inflated(byte[] packed) {
    try (InflaterInputStream from = new InflaterInputStream(new ByteArrayInputStream(packed))) {
      return from.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("a stored recording is damaged", e);
    }
  }

  void forgetBefore(Instant time) {
    database
        .createNativeQuery("DELETE FROM recording WHERE begun_at < :time")
        .setParameter("time", time)
        .executeUpdate();
  }
}
