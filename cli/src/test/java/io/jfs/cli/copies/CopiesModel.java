package io.jfs.cli.copies;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.TreeWork;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.Slice;
import io.jfs.meta.ops.Clone;
import io.jfs.vfs.AttrChange;
import io.jfs.vfs.Created;
import io.jfs.vfs.ReadData;
import io.jfs.vfs.Request;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Random work on a few files of a shared volume, each of them arrays of bytes beside. Whoever
 * interrupts somebody compacts, deletes what nobody refers to, or collects garbage; and the garbage
 * collection is interrupted by everything.
 */
final class CopiesModel {
  private static final Request ROOT = Request.of(Caller.ROOT);
  private static final int O_RDONLY = 0;
  private static final int O_RDWR = 2;
  private static final int WINDOW = 300_000;
  private static final int MOST_FILES = 6;
  private static final Clone.Style STYLE = new Clone.Style(Clone.Ownership.PRESERVED, 0);

  /** Where files are used: at their start, and around the first border of chunks. */
  private static final long[] BASES = {0, Slice.CHUNK_BYTES - WINDOW / 2};

  private final SharedVolume volume;
  private final Random random;
  private final List<ModelFile> files = new ArrayList<>();
  private final List<String> trace = new ArrayList<>();
  private int names;
  private boolean interrupting;
  private boolean collecting;

  CopiesModel(SharedVolume volume, long seed) {
    this.volume = volume;
    this.random = new Random(seed);
    volume.interruptWith(this::interrupt);
  }

  /** A file as it should be: zeros before {@code base}, then bytes, up to its length. */
  private static final class ModelFile {
    final Name name;
    final Ino ino;
    final long base;
    final byte[] bytes;
    long length;
    SharedVolume.@Nullable Client holder;
    long handle;

    /** Handles that other clients opened when it looked as it does now. */
    final List<Reader> readers = new ArrayList<>();

    ModelFile(Name name, Ino ino, long base, byte[] bytes, long length) {
      this.name = name;
      this.ino = ino;
      this.base = base;
      this.bytes = bytes;
      this.length = length;
    }

    byte[] content() {
      return Arrays.copyOf(bytes, (int) Math.max(0, length - base));
    }

    void zero(long from, long to) {
      int start = (int) (from - base);
      Arrays.fill(bytes, start, (int) Math.max(start, Math.min(to, length) - base), (byte) 0);
    }
  }

  private record Reader(SharedVolume.Client client, long handle) {}

  /** Does so many steps, then deletes everything and looks whether anything is left. */
  void run(int steps) throws Exception {
    try {
      create();
      create();
      for (int i = 0; i < steps; i++) {
        step();
      }
      for (ModelFile file : List.copyOf(files)) {
        verify(file);
        release(file);
      }
      volume.check();
      finish();
      while (!files.isEmpty()) {
        delete(files.get(0));
      }
      finish();
    } catch (AssertionError | Exception e) {
      throw new AssertionError("after " + trace, e);
    }
  }

  /** When all protection is over, exactly what is referred to is there. */
  private void finish() throws Exception {
    volume.advance(volume.longEnough());
    for (SharedVolume.Client client : volume.clients()) {
      client.hourly();
    }
    volume.collectGarbage();
    volume.check();
    volume.checkNothingLeft();
  }

  private void step() throws Exception {
    int what = random.nextInt(100);
    if (what < 32) {
      write(anyFile());
    } else if (what < 37) {
      truncate(anyFile());
    } else if (what < 46) {
      zero(anyFile());
    } else if (what < 64) {
      copy();
    } else if (what < 69) {
      cloneFile(anyFile());
    } else if (what < 72) {
      release(anyFile());
    } else if (what < 78) {
      verify(anyFile());
    } else if (what < 82) {
      openReader(anyFile());
    } else if (what < 93) {
      compactSome(anyClient());
    } else if (what < 95) {
      deleteOrCreate();
    } else if (what < 98) {
      anyClient().background();
    } else if (!collecting) {
      letTimePass();
    }
  }

  private ModelFile anyFile() {
    return files.get(random.nextInt(files.size()));
  }

  private SharedVolume.Client anyClient() {
    return volume.clients().get(random.nextInt(volume.clients().size()));
  }

  // ---- what others do meanwhile: nothing of it changes a byte of any file ----

  private void interrupt(String what, int client) {
    if (interrupting) {
      return;
    }
    try {
      if (client < 0 && collecting) {
        for (int i = random.nextInt(3); i > 0; i--) {
          step();
        }
      } else if (client >= 0 && random.nextInt(6) == 0) {
        interrupting = true;
        trace.add("while " + client + " is about to " + what + ":");
        SharedVolume.Client other = anyClient();
        if (volume.clients().indexOf(other) != client) {
          disturb(other);
        }
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      if (client >= 0) {
        interrupting = false;
      }
    }
  }

  private void disturb(SharedVolume.Client client) throws FsException, IOException {
    compactSome(client);
    if (random.nextBoolean()) {
      client.background();
    }
    if (random.nextInt(8) == 0) {
      client.hourly();
    }
  }

  private void compactSome(SharedVolume.Client client) throws FsException, IOException {
    if (files.isEmpty()) {
      return;
    }
    ModelFile file = anyFile();
    int index = file.base == 0 ? 0 : random.nextInt(2);
    boolean fewer = client.compactor.compact(file.ino, index);
    trace.add("compact " + file.ino + "/" + index + " " + fewer);
    if (random.nextBoolean()) {
      client.background();
    }
  }

  private void letTimePass() throws Exception {
    for (ModelFile file : files) {
      release(file); // nobody keeps unwritten data for hours
    }
    volume.advance(random.nextBoolean() ? Duration.ofHours(2) : volume.longEnough());
    trace.add("hours pass");
    collect();
    for (ModelFile file : List.copyOf(files)) {
      verify(file);
    }
  }

  private void collect() throws Exception {
    collecting = true;
    trace.add("gc begins");
    volume.collectGarbage();
    trace.add("gc ends");
    collecting = false;
  }

  // ---- files ----

  private void create() throws Exception {
    Name name = Name.of("f" + names++);
    SharedVolume.Client client = anyClient();
    Created created = client.vfs.create(ROOT, Ino.ROOT, name, 0100644, 022, O_RDWR);
    long base = BASES[random.nextInt(BASES.length)];
    ModelFile file = new ModelFile(name, created.entry().ino(), base, new byte[WINDOW], 0);
    file.holder = client;
    file.handle = created.opened().handle();
    files.add(file);
    trace.add("create " + file.ino);
  }

  private void deleteOrCreate() throws Exception {
    if (files.size() < 3) {
      create();
    } else {
      delete(anyFile());
    }
  }

  private void delete(ModelFile file) throws Exception {
    trace.add("delete " + file.ino);
    release(file);
    closeReaders(file);
    files.remove(file);
    anyClient().vfs.unlink(ROOT, Ino.ROOT, file.name);
  }

  /** The file is open at {@code client}, which sees all that others wrote. */
  private void hold(ModelFile file, SharedVolume.Client client) throws Exception {
    if (file.holder == client) {
      return;
    }
    release(file);
    file.handle = client.vfs.open(ROOT, file.ino, O_RDWR).handle();
    file.holder = client;
  }

  private void release(ModelFile file) throws Exception {
    SharedVolume.Client client = file.holder;
    if (client != null) {
      file.holder = null;
      client.vfs.flush(ROOT, file.ino, file.handle, 7);
      client.vfs.release(ROOT, file.ino, file.handle, 0);
    }
  }

  private void openReader(ModelFile file) throws Exception {
    release(file);
    SharedVolume.Client client = anyClient();
    file.readers.add(new Reader(client, client.vfs.open(ROOT, file.ino, O_RDONLY).handle()));
    verify(file);
  }

  /** Before its bytes change: old handles of others need not see it at once. */
  private void closeReaders(ModelFile file) throws IOException, FsException {
    for (Reader reader : file.readers) {
      reader.client.vfs.release(ROOT, file.ino, reader.handle, 0);
    }
    file.readers.clear();
  }

  private void verify(ModelFile file) throws Exception {
    byte[] expected = file.content();
    if (file.holder != null) {
      verify(file, expected, file.holder, file.handle);
    } else {
      SharedVolume.Client client = anyClient();
      long handle = client.vfs.open(ROOT, file.ino, O_RDONLY).handle();
      verify(file, expected, client, handle);
      client.vfs.release(ROOT, file.ino, handle, 0);
    }
    for (Reader reader : List.copyOf(file.readers)) {
      verify(file, expected, reader.client, reader.handle);
    }
  }

  private void verify(ModelFile file, byte[] expected, SharedVolume.Client client, long handle)
      throws Exception {
    assertThat(client.vfs.getAttr(ROOT, file.ino, handle).lengthBytes()).isEqualTo(file.length);
    byte[] found = new byte[expected.length];
    try (ReadData data = client.vfs.read(ROOT, file.ino, handle, file.base, WINDOW)) {
      ByteBuffer into = ByteBuffer.wrap(found);
      data.buffers().forEach(into::put);
      assertThat(into.position()).isEqualTo(expected.length);
    }
    int differs = Arrays.mismatch(found, expected);
    assertThat(differs).as("first wrong byte of %s", file.ino).isEqualTo(-1);
  }

  // ---- changes ----

  private int size() {
    return 1 + random.nextInt(random.nextInt(5) == 0 ? 2 * SharedVolume.BLOCK : 9000);
  }

  private void write(ModelFile file) throws Exception {
    hold(file, anyClient());
    closeReaders(file);
    int at = random.nextInt(WINDOW - 1);
    byte[] data = new byte[Math.min(size(), WINDOW - at)];
    random.nextBytes(data);
    trace.add("write " + file.ino + " " + at + " " + data.length);
    ByteBuffer direct = ByteBuffer.allocateDirect(data.length).put(data).flip();
    holder(file).vfs.write(ROOT, file.ino, file.handle, file.base + at, direct, false);
    System.arraycopy(data, 0, file.bytes, at, data.length);
    file.length = Math.max(file.length, file.base + at + data.length);
    if (random.nextInt(3) > 0) {
      holder(file).vfs.flush(ROOT, file.ino, file.handle, 7);
    }
  }

  private static SharedVolume.Client holder(ModelFile file) {
    if (file.holder == null) {
      throw new AssertionError("not held");
    }
    return file.holder;
  }

  private void truncate(ModelFile file) throws Exception {
    hold(file, anyClient());
    closeReaders(file);
    long length = file.base + random.nextInt(WINDOW);
    trace.add("truncate " + file.ino + " " + length);
    AttrChange change = new AttrChange(null, null, null, length, null, null, false, false, false);
    holder(file).vfs.setAttr(ROOT, file.ino, file.handle, change);
    if (length < file.length) {
      file.zero(length, file.length);
    }
    file.length = length;
  }

  private void zero(ModelFile file) throws Exception {
    hold(file, anyClient());
    closeReaders(file);
    int at = random.nextInt(WINDOW - 1);
    int size = Math.min(size(), WINDOW - at);
    boolean keeps = random.nextBoolean();
    int mode = keeps ? 3 : 0x10; // punch a hole, or zero and grow
    trace.add("zero " + file.ino + " " + at + " " + size + " " + keeps);
    holder(file).vfs.fallocate(ROOT, file.ino, file.handle, mode, file.base + at, size);
    if (file.base + at < file.length) {
      file.zero(file.base + at, file.base + at + size);
    }
    file.length = keeps ? file.length : Math.max(file.length, file.base + at + size);
  }

  private void copy() throws Exception {
    ModelFile from = anyFile();
    ModelFile to = anyFile();
    int in = random.nextInt(WINDOW - 1);
    int out = random.nextInt(WINDOW - 1);
    int size = Math.min(size() + size(), WINDOW - Math.max(in, out));
    if (from == to && Math.abs(in - out) < size) {
      return;
    }
    SharedVolume.Client client = anyClient();
    hold(from, client);
    hold(to, client);
    closeReaders(to);
    trace.add("copy " + from.ino + " " + in + " " + to.ino + " " + out + " " + size);
    long copied =
        client.vfs.copyFileRange(
            ROOT, from.ino, from.handle, from.base + in, to.ino, to.handle, to.base + out, size, 0);
    int expected = (int) Math.max(0, Math.min(from.length, from.base + in + size) - from.base - in);
    assertThat(copied).isEqualTo(expected);
    if (expected > 0) {
      System.arraycopy(from.bytes, in, to.bytes, out, expected);
      to.length = Math.max(to.length, to.base + out + expected);
    }
  }

  private void cloneFile(ModelFile file) throws Exception {
    if (files.size() >= MOST_FILES) {
      delete(file);
      return;
    }
    release(file);
    Name name = Name.of("f" + names++);
    Ino made = anyClient().meta.clone(Caller.ROOT, file.ino, Ino.ROOT, name, STYLE, TreeWork.QUIET);
    files.add(new ModelFile(name, made, file.base, file.bytes.clone(), file.length));
    trace.add("clone " + file.ino + " as " + made);
  }
}
