package dev.sluice.workload;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A controller that starts one server in the folder it is given, and waits to be killed. */
final class TestController {
  private TestController() {}

  public static void main(String[] args) throws Exception {
    Workbench bench = new Workbench(Path.of(args[0]));
    bench.open().ensure(Workbench.service(1), bench.version(), false);
    new CountDownLatch(1).await();
  }
}
