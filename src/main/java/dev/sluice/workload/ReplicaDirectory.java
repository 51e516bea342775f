package dev.sluice.workload;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The directory of one replica: {@code process.json} and the server's log. */
final class ReplicaDirectory {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          // a controller that was rolled back must still adopt what a newer one started
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();
  private static final int TAIL_BYTES = 4096;
  private static final int TAIL_CHARACTERS = 200;

  private final Path path;

  ReplicaDirectory(Path path) {
    this.path = path;
  }

  Path log() {
    return path.resolve("server.log");
  }

  Path file() {
    return path.resolve("process.json");
  }

  /**
   * @throws IOException if the file is there but can't be read or understood
   */
  Optional<ReplicaRecord> read() throws IOException {
    try {
      return Optional.of(JSON.readValue(Files.readAllBytes(file()), ReplicaRecord.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Replaces the record whole: whoever reads sees the old one or the new one. */
  void write(ReplicaRecord record) throws IOException {
    Files.createDirectories(path);
    Path draft = path.resolve("process.json.new");
    try (FileChannel channel =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(record));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(draft, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Forgets the process; its log stays. */
  void forget() throws IOException {
    Files.deleteIfExists(file());
  }

  /** Size of the log, 0 where there is none. */
  long logBytes() throws IOException {
    try {
      return Files.size(log());
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  /**
   * Keeps the log below a limit, also while the server writes to it: it appends, so what comes
   * after the cut starts at 0 again. Lines written between copy and cut are lost.
   */
  void boundLog(long limitBytes) throws IOException {
    if (logBytes() > limitBytes) {
      Files.copy(log(), path.resolve("server.log.1"), StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel channel = FileChannel.open(log(), StandardOpenOption.WRITE)) {
        channel.truncate(0);
      }
    }
  }

  /** The last line the server wrote since {@code from}, shortened; empty if it wrote none. */
  String lastLine(long from) throws IOException {
    long size = logBytes();
    long start = Math.max(size < from ? 0 : from, size - TAIL_BYTES);
    if (size == 0 || start >= size) {
      return "";
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) (size - start));
    try (FileChannel channel = FileChannel.open(log(), StandardOpenOption.READ)) {
      channel.read(bytes, start);
    }
    String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    String last =
        text.lines()
            .map(line -> line.replaceAll("\\p{Cntrl}", "").strip())
            .filter(line -> !line.isEmpty())
            .reduce("", (before, line) -> line);
    return last.length() > TAIL_CHARACTERS ? last.substring(0, TAIL_CHARACTERS) + "…" : last;
  }
}
