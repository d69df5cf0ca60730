package io.jfs.vfs;

import static io.jfs.vfs.TestVolume.O_RDWR;
import static io.jfs.vfs.TestVolume.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Ino;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random operations on two files through several handles, against arrays of bytes. */
class FileModelTest {
  private static final int MAX = 400_000;
  private static final int STEPS = 700;

  private TestVolume volume;
  private TestVolume.Client client;
  private Random random;
  private final List<ModelFile> files = new ArrayList<>();

  private static final class ModelFile {
    final Ino ino;
    final List<Long> handles = new ArrayList<>();
    final byte[] bytes = new byte[2 * MAX];
    final long base;
    int length;

    ModelFile(Ino ino, long base) {
      this.ino = ino;
      this.base = base;
    }
  }

  @BeforeEach
  void mount() throws Exception {
    volume = new TestVolume();
    client = volume.client();
  }

  @AfterEach
  void unmount() throws Exception {
    volume.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void behavesAsAnArrayOfBytes(long seed) throws Exception {
    random = new Random(seed);
    for (String name : List.of("a", "b")) {
      Created created = client.create(name);
      ModelFile file = new ModelFile(created.entry().ino(), 0);
      file.handles.add(created.opened().handle());
      file.handles.add(client.open(file.ino, O_RDWR));
      files.add(file);
    }
    for (int step = 0; step < STEPS; step++) {
      ModelFile file = files.get(random.nextInt(2));
      try {
        step(file);
      } catch (AssertionError | Exception e) {
        throw new AssertionError("seed " + seed + ", step " + step, e);
      }
    }
    for (ModelFile file : files) {
      check(file);
      for (long handle : file.handles) {
        client.closeFile(file.ino, handle);
      }
      file.handles.clear();
      file.handles.add(client.open(file.ino, O_RDWR));
      check(file);
      client.closeFile(file.ino, file.handles.get(0));
    }
    checkFromAnotherClient();
  }

  private void checkFromAnotherClient() throws Exception {
    TestVolume.Client other = volume.client();
    for (ModelFile file : files) {
      long handle = other.open(file.ino, 0);
      assertThat(other.read(file.ino, handle, 0, 2 * MAX))
          .isEqualTo(Arrays.copyOf(file.bytes, file.length));
      other.vfs.release(ROOT, file.ino, handle, 0);
    }
  }

  private void step(ModelFile file) throws Exception {
    long handle = file.handles.get(random.nextInt(file.handles.size()));
    int what = random.nextInt(100);
    if (what < 40) {
      write(file, handle);
    } else if (what < 65) {
      read(file, handle);
    } else if (what < 72) {
      truncate(file, handle);
    } else if (what < 80) {
      fallocate(file, handle);
    } else if (what < 86) {
      copy(file, handle);
    } else if (what < 92) {
      client.vfs.fsync(ROOT, file.ino, handle, false);
    } else if (what < 96) {
      reopen(file, handle);
    } else {
      seek(file, handle);
    }
    Attr attr = client.vfs.getAttr(ROOT, file.ino, handle);
    assertThat(attr.lengthBytes()).isEqualTo(file.length);
  }

  private void write(ModelFile file, long handle) throws Exception {
    int offset = place(file);
    byte[] data = new byte[size()];
    random.nextBytes(data);
    client.write(file.ino, handle, offset, data);
    System.arraycopy(data, 0, file.bytes, offset, data.length);
    file.length = Math.max(file.length, offset + data.length);
  }

  private int place(ModelFile file) {
    return switch (random.nextInt(4)) {
      case 0 -> Math.min(file.length, MAX - 1);
      case 1 -> Math.max(0, Math.min(file.length, MAX) - random.nextInt(2000) - 1);
      default -> random.nextInt(MAX);
    };
  }

  private int size() {
    return 1 + random.nextInt(random.nextInt(10) == 0 ? 3 * TestVolume.BLOCK : 6000);
  }

  private void read(ModelFile file, long handle) throws Exception {
    int offset = random.nextInt(MAX);
    int size = size();
    int end = Math.max(offset, Math.min(file.length, offset + size));
    assertThat(client.read(file.ino, handle, offset, size))
        .isEqualTo(Arrays.copyOfRange(file.bytes, offset, end));
  }

  private void truncate(ModelFile file, long handle) throws Exception {
    int length = random.nextInt(MAX);
    AttrChange change =
        new AttrChange(null, null, null, (long) length, null, null, false, false, false);
    client.vfs.setAttr(ROOT, file.ino, random.nextBoolean() ? handle : -1, change);
    zero(file, Math.min(length, file.length), Math.max(length, file.length));
    file.length = length;
  }

  private static void zero(ModelFile file, int from, int to) {
    Arrays.fill(file.bytes, from, to, (byte) 0);
  }

  private void fallocate(ModelFile file, long handle) throws Exception {
    int offset = random.nextInt(MAX);
    int length = size();
    int mode = new int[] {0, 1, 3, 0x10, 0x11}[random.nextInt(5)];
    client.vfs.fallocate(ROOT, file.ino, handle, mode, offset, length);
    if (mode > 1) {
      zero(file, Math.min(offset, file.length), Math.min(offset + length, file.length));
    }
    if ((mode & 1) == 0) {
      file.length = Math.max(file.length, offset + length);
    }
  }

  private void copy(ModelFile to, long handle) throws Exception {
    ModelFile from = files.get(random.nextInt(2));
    int inOffset = random.nextInt(MAX);
    int outOffset = random.nextInt(MAX);
    int length = size();
    if (from == to && inOffset < outOffset + length && outOffset < inOffset + length) {
      return;
    }
    long copied =
        client.vfs.copyFileRange(
            ROOT, from.ino, from.handles.get(0), inOffset, to.ino, handle, outOffset, length, 0);
    int expected = Math.max(0, Math.min(from.length, inOffset + length) - inOffset);
    assertThat(copied).isEqualTo(expected);
    if (expected > 0) {
      System.arraycopy(from.bytes, inOffset, to.bytes, outOffset, expected);
      to.length = Math.max(to.length, outOffset + expected);
    }
  }

  private void reopen(ModelFile file, long handle) throws Exception {
    client.closeFile(file.ino, handle);
    file.handles.remove(handle);
    file.handles.add(client.open(file.ino, O_RDWR));
  }

  /** What SEEK_DATA skips must be zeros. */
  private void seek(ModelFile file, long handle) throws Exception {
    if (file.length == 0) {
      return;
    }
    int offset = random.nextInt(file.length);
    long data;
    try {
      data = client.vfs.lseek(ROOT, file.ino, handle, offset, 3);
    } catch (io.jfs.meta.model.FsException e) {
      assertThat(e.errno()).isEqualTo(io.jfs.meta.model.Errno.ENXIO);
      data = file.length;
    }
    for (int i = offset; i < data; i++) {
      assertThat(file.bytes[i]).as("byte %d before data at %d", i, data).isZero();
    }
    long hole = client.vfs.lseek(ROOT, file.ino, handle, offset, 4);
    assertThat(hole).isBetween((long) offset, (long) file.length);
  }

  private void check(ModelFile file) throws Exception {
    assertThat(client.read(file.ino, file.handles.get(0), 0, 2 * MAX))
        .isEqualTo(Arrays.copyOf(file.bytes, file.length));
  }
}
