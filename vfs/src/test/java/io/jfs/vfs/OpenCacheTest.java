package io.jfs.vfs;

import static io.jfs.vfs.TestVolume.O_RDONLY;
import static io.jfs.vfs.TestVolume.O_RDWR;
import static io.jfs.vfs.TestVolume.ROOT;
import static io.jfs.vfs.TestVolume.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.model.Errno;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** --open-cache and --open-cache-limit: when an open asks metadata. */
final class OpenCacheTest {
  private static final byte[] DATA = "some data".getBytes(StandardCharsets.UTF_8);
  private static final long LONG = 3_600_000;

  private TestVolume volume;
  private TestVolume.Client writer;

  @BeforeEach
  void mount() throws Exception {
    volume = new TestVolume();
    writer = volume.client();
  }

  @AfterEach
  void unmount() throws Exception {
    volume.close();
  }

  private TestVolume.Client trusting(long millis, long limit) throws Exception {
    VfsConfig config = VfsConfig.defaults(TestVolume.BLOCK).withOpenCache(millis, limit);
    return volume.client(64 << 20, config);
  }

  private Ino make(String name) throws Exception {
    Created created = writer.create(name);
    Ino ino = created.entry().ino();
    writer.write(ino, created.opened().handle(), 0, DATA);
    writer.closeFile(ino, created.opened().handle());
    return ino;
  }

  /** Opens, reads, closes; how often metadata was asked for the open. */
  private static int asked(TestVolume.Client client, Ino ino, int flags) throws Exception {
    int before = client.probe.calls("open");
    long handle = client.open(ino, flags);
    assertThat(client.read(ino, handle, 0, 100)).isEqualTo(DATA);
    client.closeFile(ino, handle);
    return client.probe.calls("open") - before;
  }

  @Test
  void believesWhatItSawAMomentAgo() throws Exception {
    Ino ino = make("f");
    TestVolume.Client client = trusting(LONG, 100);
    assertThat(asked(client, ino, O_RDONLY)).isEqualTo(1);
    assertThat(asked(client, ino, O_RDONLY)).isZero();
    assertThat(asked(client, ino, O_RDONLY)).isZero();
  }

  @Test
  void believesNothingWithoutTheOption() throws Exception {
    Ino ino = make("f");
    assertThat(asked(writer, ino, O_RDONLY)).isEqualTo(1);
    assertThat(asked(writer, ino, O_RDONLY)).isEqualTo(1);
  }

  @Test
  void asksWhenTheTimeIsOver() throws Exception {
    Ino ino = make("f");
    TestVolume.Client client = trusting(1, 100);
    assertThat(asked(client, ino, O_RDONLY)).isEqualTo(1);
    Thread.sleep(5);
    assertThat(asked(client, ino, O_RDONLY)).isEqualTo(1);
  }

  @Test
  void asksForWriting() throws Exception {
    Ino ino = make("f");
    TestVolume.Client client = trusting(LONG, 100);
    assertThat(asked(client, ino, O_RDWR)).isEqualTo(1);
    assertThat(asked(client, ino, O_RDWR)).isEqualTo(1);
  }

  @Test
  void remembersAsManyAsTheLimit() throws Exception {
    Ino first = make("f1");
    Ino second = make("f2");
    Ino third = make("f3");
    TestVolume.Client client = trusting(LONG, 2);
    for (Ino ino : new Ino[] {first, second, third}) {
      assertThat(asked(client, ino, O_RDONLY)).isEqualTo(1);
    }
    assertThat(asked(client, third, O_RDONLY)).isZero();
    assertThat(asked(client, second, O_RDONLY)).isZero();
    assertThat(asked(client, first, O_RDONLY)).isEqualTo(1);
  }

  @Test
  void asksAfterItsOwnChanges() throws Exception {
    Ino ino = make("f");
    TestVolume.Client client = trusting(LONG, 100);
    assertThat(asked(client, ino, O_RDONLY)).isEqualTo(1);
    AttrChange chmod = new AttrChange(0600, null, null, null, null, null, false, false, false);
    assertThat(client.vfs.setAttr(ROOT, ino, -1, chmod).mode()).isEqualTo(0600);
    assertThat(asked(client, ino, O_RDONLY)).isEqualTo(1);
    client.vfs.unlink(ROOT, Ino.ROOT, Name.of("f"));
    assertThat(refusal(() -> client.open(ino, O_RDONLY))).isEqualTo(Errno.ENOENT);
  }

  /** What was opened on trust counts as open: its data stays until the last close. */
  @Test
  void keepsWhatIsRemovedMeanwhile() throws Exception {
    Ino ino = make("f");
    TestVolume.Client client = trusting(LONG, 100);
    assertThat(asked(client, ino, O_RDONLY)).isEqualTo(1);
    int before = client.probe.calls("open");
    long handle = client.open(ino, O_RDONLY);
    assertThat(client.probe.calls("open")).isEqualTo(before);
    client.vfs.unlink(ROOT, Ino.ROOT, Name.of("f"));
    assertThat(client.read(ino, handle, 0, 100)).isEqualTo(DATA);
    client.closeFile(ino, handle);
  }
}
