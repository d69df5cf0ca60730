package io.jfs.cli.mount;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ServingProcessTest {
  private static Process shell(String script) throws Exception {
    return new ProcessBuilder("sh", "-c", script).start();
  }

  @Test
  void aProcessIsDoneWhenItSaysSoOrEnds() throws Exception {
    Process saying = shell("printf jfs-unmounted >/proc/$$/comm; read never");
    Process ending = shell("exit 0");
    Process serving = shell("read never");
    try {
      assertThat(ServingProcess.awaitDone(saying.toHandle(), Duration.ofMinutes(1))).isTrue();
      assertThat(saying.isAlive()).isTrue();
      assertThat(ServingProcess.awaitDone(ending.toHandle(), Duration.ofMinutes(1))).isTrue();
      assertThat(ServingProcess.awaitDone(serving.toHandle(), Duration.ofMillis(20))).isFalse();
    } finally {
      saying.destroy();
      serving.destroy();
    }
  }
}
