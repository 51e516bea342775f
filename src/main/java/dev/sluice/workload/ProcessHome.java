package dev.sluice.workload;

import dev.sluice.model.ServiceName;
import dev.sluice.model.Unavailable;
import dev.sluice.model.VersionName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The directory {@code processes/<service>/<version>/<replica>/} and the lock on it: two
 * controllers at once would start twins.
 */
final class ProcessHome implements AutoCloseable {
  private final Path processes;
  private final FileChannel lock;

  /**
   * @throws Unavailable if another controller uses it, or it can't be written
   */
  ProcessHome(Path home) {
    this.processes = home.resolve("processes");
    this.lock = lock(processes);
  }

  /** One replica's place. */
  record Place(ServiceName service, VersionName version, int replica) {}

  Path of(ServiceName service, VersionName version) {
    return processes.resolve(service.value()).resolve(version.value());
  }

  ReplicaDirectory directory(Place place) {
    return new ReplicaDirectory(
        of(place.service(), place.version()).resolve(Integer.toString(place.replica())));
  }

  /** Every replica that has, or once had, a process. */
  List<Place> places() {
    List<Place> places = new ArrayList<>();
    for (Path service : folders(processes)) {
      for (Path version : folders(service)) {
        for (Path replica : folders(version)) {
          places.add(
              new Place(
                  new ServiceName(name(service)),
                  new VersionName(name(version)),
                  Integer.parseInt(name(replica))));
        }
      }
    }
    return places;
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new Unavailable("can't unlock " + processes + ": " + e.getMessage(), e);
    }
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  private static List<Path> folders(Path folder) {
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(folder, entry -> Files.isDirectory(entry))) {
      List<Path> all = new ArrayList<>();
      entries.forEach(all::add);
      return all;
    } catch (IOException e) {
      throw new Unavailable("can't read " + folder + ": " + e.getMessage(), e);
    }
  }

  private static FileChannel lock(Path processes) {
    try {
      Files.createDirectories(processes);
      FileChannel channel =
          FileChannel.open(
              processes.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        if (channel.tryLock() != null) {
          return channel;
        }
      } catch (OverlappingFileLockException e) {
        channel.close();
        throw new Unavailable("this controller already runs the processes of " + processes, e);
      }
      channel.close();
      throw new Unavailable("another controller runs the processes of " + processes);
    } catch (IOException e) {
      throw new Unavailable("can't use " + processes + ": " + e.getMessage(), e);
    }
  }
}
