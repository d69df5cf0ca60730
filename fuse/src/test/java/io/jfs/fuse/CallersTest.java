package io.jfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.model.Caller;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallersTest {
  @TempDir private Path proc;
  private final AtomicLong nanos = new AtomicLong();

  private void status(int pid, String groups) throws Exception {
    Path directory = Files.createDirectories(proc.resolve(Integer.toString(pid)));
    Files.writeString(
        directory.resolve("status"),
        "Name:\tx\nGid:\t5 5 5 5\nGroups:\t" + groups + " \nNStgid:\t1\n");
  }

  @Test
  void readsSupplementaryGroupsWhenAsked() throws Exception {
    Callers callers = new Callers(proc, nanos::get);
    Caller caller = callers.of(1000, 100, 77);
    status(77, "4 4294967294 27");
    assertThat(caller.inGroup(27)).isTrue();
    assertThat(caller.inGroup(-2)).isTrue();
    assertThat(caller.inGroup(100)).isTrue();
    assertThat(caller.inGroup(5)).isFalse();
  }

  @Test
  void remembersForAMoment() throws Exception {
    Callers callers = new Callers(proc, nanos::get);
    status(77, "4");
    assertThat(callers.of(1000, 100, 77).inGroup(4)).isTrue();
    status(77, "6");
    nanos.addAndGet(50_000_000);
    assertThat(callers.of(1000, 100, 77).inGroup(6)).isFalse();
    assertThat(callers.of(1001, 100, 77).inGroup(6)).as("setuid changes the key").isTrue();
    nanos.addAndGet(60_000_000);
    assertThat(callers.of(1000, 100, 77).inGroup(6)).isTrue();
  }

  @Test
  void gonePidsAndTheKernelHaveNone() throws Exception {
    Callers callers = new Callers(proc, nanos::get);
    status(1, "");
    assertThat(callers.of(1000, 100, 1).inGroup(4)).isFalse();
    assertThat(callers.of(1000, 100, 99).inGroup(4)).isFalse();
    assertThat(callers.of(1000, 100, 0).inGroup(4)).isFalse();
  }

  @Test
  void agreesWithThisProcess() {
    Caller me =
        new Callers(Path.of("/proc"), System::nanoTime)
            .of(0, 12345, (int) ProcessHandle.current().pid());
    assertThat(me.inGroup(54321)).isFalse();
  }
}
