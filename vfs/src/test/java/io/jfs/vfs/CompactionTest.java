package io.jfs.vfs;

import static io.jfs.vfs.TestVolume.O_RDONLY;
import static io.jfs.vfs.TestVolume.O_RDWR;
import static io.jfs.vfs.TestVolume.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.model.Ino;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CompactionTest {
  private TestVolume volume;
  private TestVolume.Client client;
  private Ino ino;
  private long handle;
  private final byte[] model = new byte[300_000];

  @BeforeEach
  void mount() throws Exception {
    volume = new TestVolume();
    client = volume.client();
    Created created = client.create("file");
    ino = created.entry().ino();
    handle = created.opened().handle();
    Random random = new Random(3);
    for (int i = 0; i < 40; i++) {
      byte[] data = new byte[1 + random.nextInt(5000)];
      random.nextBytes(data);
      int at = random.nextInt(model.length - data.length);
      client.write(ino, handle, at, data);
      client.flush(ino, handle);
      System.arraycopy(data, 0, model, at, data.length);
    }
    client.write(ino, handle, model.length - 1, new byte[] {model[model.length - 1] = 5});
    client.flush(ino, handle);
  }

  @AfterEach
  void unmount() throws Exception {
    client.closeFile(ino, handle);
    volume.close();
  }

  private int records() throws Exception {
    return client.volume.readChunk(ino, 0).size();
  }

  @Test
  void makesOneSliceOfManyAndKeepsTheBytes() throws Exception {
    assertThat(records()).isEqualTo(41);
    assertThat(client.vfs.compactor().compact(ino, 0)).isTrue();
    assertThat(records()).isEqualTo(1);
    assertThat(client.read(ino, handle, 0, model.length)).isEqualTo(model);
    assertThat(client.vfs.compactor().compact(ino, 0)).isFalse();
  }

  @Test
  void aReadOfManySlicesAsksForIt() throws Exception {
    assertThat(client.read(ino, handle, 0, model.length)).isEqualTo(model);
    long deadline = System.nanoTime() + 5_000_000_000L;
    while (records() > 1) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      new Cancellation().pause(10);
    }
    assertThat(client.read(ino, handle, 0, model.length)).isEqualTo(model);
  }

  /** Trash is off, so the old slices are deleted at once under a reader elsewhere. */
  @Test
  void aReaderInAnotherClientGoesOn() throws Exception {
    TestVolume.Client other = volume.client();
    long theirs = other.open(ino, O_RDONLY);
    assertThat(other.read(ino, theirs, 0, 10)).hasSize(10); // remembers the slices
    assertThat(client.vfs.compactor().compact(ino, 0)).isTrue();
    long deadline = System.nanoTime() + 5_000_000_000L;
    while (volume.objects.list("", "", 100).size() > 5) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      new Cancellation().pause(10);
    }
    assertThat(other.read(ino, theirs, 0, model.length)).isEqualTo(model);
    other.closeFile(ino, theirs);
  }

  @Test
  void whatIsWrittenMeanwhileStays() throws Exception {
    long second = client.open(ino, O_RDWR);
    Thread writer =
        new Thread(
            () -> {
              try {
                for (int i = 0; i < 50; i++) {
                  client.write(ino, second, i * 10L, new byte[] {(byte) i});
                  client.flush(ino, second);
                }
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    writer.start();
    while (writer.isAlive()) {
      client.vfs.compactor().compact(ino, 0);
    }
    writer.join();
    for (int i = 0; i < 50; i++) {
      model[i * 10] = (byte) i;
    }
    assertThat(client.read(ino, handle, 0, model.length)).isEqualTo(model);
    client.vfs.release(ROOT, ino, second, 0);
  }
}
