package dev.sluice.workload;

import dev.sluice.model.ModelService;
import dev.sluice.model.ModelVersion;
import org.jspecify.annotations.Nullable;

class ProcessContractIT extends WorkloadsContract {
  @Override
  protected Platform platform() throws Exception {
    Workbench bench = new Workbench(folder);
    return new Platform() {
      private @Nullable ProcessWorkloads last;

      @Override
      public Workloads open() {
        if (last != null) {
          last.close();
        }
        last = bench.open();
        return last;
      }

      @Override
      public ModelService service(int replicas) {
        return Workbench.service(replicas);
      }

      @Override
      public ModelVersion version(String... arguments) throws Exception {
        return bench.version(arguments);
      }

      @Override
      public void kill() throws Exception {
        ProcessHandle.of(bench.pid(0)).orElseThrow().destroyForcibly();
      }

      @Override
      public int servers() {
        return bench.serversOfThisHome().size();
      }

      @Override
      public void close() {
        bench.close();
      }
    };
  }
}
