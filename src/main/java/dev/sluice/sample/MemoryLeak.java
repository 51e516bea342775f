package dev.sluice.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Holds ever more touched direct memory, a mebibyte at a time, until its limit. The buffers are
 * private writable mappings: once written to, each page is anonymous memory of this process, and
 * unlike {@code ByteBuffer.allocateDirect} they aren't stopped by the JVM's own limit ({@code
 * -Xmx}, {@code -XX:MaxDirectMemorySize}); a leak in native code isn't either.
 */
final class MemoryLeak implements AutoCloseable {
  static final int CHUNK_BYTES = 1 << 20;
  private static final int PAGE_BYTES = 4096;

  private final Fault.Leak fault;
  private final FileChannel source;
  private final List<MappedByteBuffer> held = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService clockwork =
      Executors.newSingleThreadScheduledExecutor(
          work -> Thread.ofPlatform().daemon().name("leak").unstarted(work));

  private MemoryLeak(Fault.Leak fault, FileChannel source) {
    this.fault = fault;
    this.source = source;
  }

  /** Doesn't leak before {@link #begin}. */
  static MemoryLeak of(Fault.Leak fault) {
    try {
      Path file = Files.createTempFile("sluice-sample-leak", null);
      FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      return new MemoryLeak(fault, channel);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void begin() {
    long periodNanos = TimeUnit.SECONDS.toNanos(1) * CHUNK_BYTES / fault.bytesPerSecond();
    var unused =
        clockwork.scheduleAtFixedRate(
            this::growOnce, periodNanos, periodNanos, TimeUnit.NANOSECONDS);
  }

  /** How much is held that is never given back. */
  long bytes() {
    return (long) held.size() * CHUNK_BYTES;
  }

  private void growOnce() {
    if (bytes() + CHUNK_BYTES > fault.maxBytes()) {
      clockwork.shutdown();
      return;
    }
    try {
      MappedByteBuffer chunk = source.map(FileChannel.MapMode.PRIVATE, 0, CHUNK_BYTES);
      for (int page = 0; page < CHUNK_BYTES; page += PAGE_BYTES) {
        chunk.put(page, (byte) 1); // a page counts as resident only once it is written to
      }
      held.add(chunk);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    clockwork.shutdownNow();
    held.clear();
    try {
      source.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
