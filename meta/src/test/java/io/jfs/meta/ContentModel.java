package io.jfs.meta;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.Meta.ChunkSlice;
import io.jfs.meta.admin.VolumeCheck;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.FallocateMode;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.ops.CompactionPlan;
import io.jfs.meta.ops.SliceOverlay;
import io.jfs.meta.txn.Engine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Files as slices against files as bytes: random writes, truncations, holes, copies, clones,
 * compactions that take their time, deletions, two clients; every byte must be right after every
 * step, with only the objects that the volume has not given up.
 */
public final class ContentModel {
  private static final Caller ROOT = Caller.ROOT;
  private static final int STEPS = 120;

  /** Where files are used: around two borders of chunks, so that no compaction is long. */
  private static final long[] PLACES = {
    Slice.CHUNK_BYTES - 300, Slice.CHUNK_BYTES, 3L * Slice.CHUNK_BYTES - 300, 3L * Slice.CHUNK_BYTES
  };

  private ContentModel() {}

  /** One run on an empty volume, with the trash off or on. */
  public static void run(Supplier<Engine> engines, long seed, int trashDays)
      throws FormatException, FsException {
    try (World world = new World(engines, seed, trashDays)) {
      world.run();
    }
  }

  /** A file as it should be: sparse bytes. */
  private static final class Model {
    private final Map<Long, Byte> bytes = new HashMap<>();
    private long length;

    void write(long offset, byte[] data) {
      for (int i = 0; i < data.length; i++) {
        put(offset + i, data[i]);
      }
      length = Math.max(length, offset + data.length);
    }

    void put(long at, byte value) {
      if (value == 0) {
        bytes.remove(at);
      } else {
        bytes.put(at, value);
      }
    }

    byte at(long offset) {
      return bytes.getOrDefault(offset, (byte) 0);
    }

    void zero(long from, long to) {
      bytes.keySet().removeIf(at -> at >= from && at < to);
    }

    void truncate(long to) {
      bytes.keySet().removeIf(at -> at >= to);
      length = to;
    }
  }

  private static final class World implements AutoCloseable {
    private final Random random;
    private final TestVolume volume;
    private final List<TestVolume.Client> clients = new ArrayList<>();
    private final Map<SliceId, byte[]> objects = new HashMap<>();
    private final Map<Ino, Model> files = new HashMap<>();
    private final List<CompactionPlan> plans = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private int names;

    World(Supplier<Engine> engines, long seed, int trashDays) throws FormatException, FsException {
      random = new Random(seed);
      volume = TestVolume.with(engines, format -> format.set("TrashDays", (long) trashDays));
      clients.add(volume.mount());
      clients.add(volume.mount());
      create();
      create();
    }

    void run() throws FsException {
      for (int step = 0; step < STEPS; step++) {
        step();
        objects.keySet().removeAll(volume.reaped);
        for (Ino ino : files.keySet()) {
          verify(ino);
        }
      }
    }

    private VolumeMeta meta() {
      return clients.get(random.nextInt(clients.size())).meta();
    }

    private Ino file() {
      List<Ino> all = new ArrayList<>(files.keySet());
      all.sort(null);
      return all.get(random.nextInt(all.size()));
    }

    private long offset() {
      return PLACES[random.nextInt(PLACES.length)] + random.nextInt(300);
    }

    private void step() throws FsException {
      switch (random.nextInt(13)) {
        case 0, 1, 2, 3 -> write(file(), offset(), 1 + random.nextInt(200));
        case 4 -> truncate(file(), offset());
        case 5 -> zero(file(), offset(), 1 + random.nextInt(400));
        case 6, 7 -> copy(file(), offset(), file(), offset(), 1 + random.nextInt(300));
        case 8, 9 -> plan(file());
        case 10 -> commitPlan();
        case 11 -> {
          if (files.size() < 4) {
            create();
          } else if (random.nextInt(3) == 0) {
            delete(file());
          }
        }
        default -> background();
      }
    }

    private void create() throws FsException {
      Name name = Name.of("f" + names++);
      files.put(meta().create(ROOT, Ino.ROOT, name, NewInode.file(0644, 0)).ino(), new Model());
    }

    private void delete(Ino ino) throws FsException {
      trace.add("delete " + ino);
      for (int i = 0; i < names; i++) {
        Name name = Name.of("f" + i);
        var entry = meta().lookup(ROOT, Ino.ROOT, name);
        if (entry != null && entry.ino().equals(ino)) {
          meta().unlink(ROOT, Ino.ROOT, name);
        }
      }
      files.remove(ino);
    }

    private void write(Ino ino, long offset, int len) throws FsException {
      trace.add("write " + ino + " " + offset + " " + len);
      byte[] data = new byte[len];
      random.nextBytes(data);
      List<ChunkSlice> slices = new ArrayList<>();
      VolumeMeta meta = meta();
      for (int done = 0; done < len; ) {
        int index = (int) ((offset + done) / Slice.CHUNK_BYTES);
        int pos = (int) ((offset + done) % Slice.CHUNK_BYTES);
        int part = Math.min(len - done, Slice.CHUNK_BYTES - pos);
        Slice slice = new Slice(pos, meta.newSliceId(), part, 0, part);
        objects.put(new SliceId(slice.id(), part), Arrays.copyOfRange(data, done, done + part));
        slices.add(new ChunkSlice(index, slice));
        done += part;
      }
      meta.writeSlices(ino, slices, Timestamp.EPOCH);
      files.get(ino).write(offset, data);
    }

    private void truncate(Ino ino, long length) throws FsException {
      trace.add("truncate " + ino + " " + length);
      meta().truncate(ROOT, ino, length, true);
      files.get(ino).truncate(length);
    }

    private void zero(Ino ino, long offset, int len) throws FsException {
      FallocateMode mode =
          random.nextBoolean() ? FallocateMode.PUNCH_HOLE : FallocateMode.ZERO_RANGE;
      trace.add(mode + " " + ino + " " + offset + " " + len);
      meta().fallocate(ROOT, ino, mode, offset, len, false);
      Model model = files.get(ino);
      model.zero(offset, offset + len);
      if (mode == FallocateMode.ZERO_RANGE) {
        model.length = Math.max(model.length, offset + len);
      }
    }

    private void copy(Ino in, long inOffset, Ino out, long outOffset, int len) throws FsException {
      if (in.equals(out) && Math.abs(inOffset - outOffset) < len) {
        return;
      }
      trace.add("copy " + in + " " + inOffset + " " + out + " " + outOffset + " " + len);
      Model source = files.get(in);
      Model target = files.get(out);
      long expected = Math.max(0, Math.min(len, source.length - inOffset));
      Meta.Copied copied = meta().copyRange(ROOT, in, inOffset, out, outOffset, len);
      assertThat(copied.bytes()).isEqualTo(expected);
      for (long i = 0; i < expected; i++) {
        target.put(outOffset + i, source.at(inOffset + i));
      }
      if (expected > 0) {
        target.length = Math.max(target.length, outOffset + expected);
      }
    }

    private void plan(Ino ino) throws FsException {
      CompactionPlan plan = meta().planCompaction(ino, random.nextInt(4));
      if (plan != null) {
        plans.add(plan);
      }
    }

    private void commitPlan() throws FsException {
      if (plans.isEmpty()) {
        return;
      }
      CompactionPlan plan = plans.remove(random.nextInt(plans.size()));
      byte[] data = new byte[plan.size()];
      for (Slice piece : plan.pieces()) {
        byte[] object = piece.isHole() ? null : objects.get(new SliceId(piece.id(), piece.size()));
        if (!piece.isHole() && object == null) {
          return; // Replaced meanwhile; whoever compacts reads the chunk anew.
        }
        if (object != null) {
          System.arraycopy(object, piece.off(), data, piece.pos() - plan.pos(), piece.len());
        }
      }
      VolumeMeta meta = meta();
      long id = meta.newSliceId();
      objects.put(new SliceId(id, plan.size()), data);
      trace.add("compact " + plan.chunk() + " " + meta.commitCompaction(plan, id));
    }

    private void background() throws FsException {
      trace.add("background");
      for (TestVolume.Client client : clients) {
        client.beat();
      }
      if (random.nextInt(4) == 0) {
        volume.clock.advance(Duration.ofHours(26));
        for (TestVolume.Client client : clients) {
          client.beat();
          client.jobs().run("deleted files");
          client.jobs().run("slices");
          client.jobs().run("trash");
          client.jobs().settle();
        }
      }
    }

    private void verify(Ino ino) throws FsException {
      Model model = files.get(ino);
      VolumeMeta meta = meta();
      assertThat(meta.getAttr(ino).lengthBytes()).isEqualTo(model.length);
      Map<Long, Byte> seen = new HashMap<>();
      for (int index = 0; index < 4; index++) {
        long start = (long) index * Slice.CHUNK_BYTES;
        int to = (int) Math.max(0, Math.min(Slice.CHUNK_BYTES, model.length - start));
        for (Slice piece : SliceOverlay.pieces(meta.readChunk(ino, index), 0, to)) {
          show(piece, start, seen);
        }
      }
      if (!seen.equals(model.bytes)) {
        throw new AssertionError("bytes of " + ino + " after " + trace);
      }
    }

    private void show(Slice piece, long start, Map<Long, Byte> seen) {
      if (piece.isHole()) {
        return;
      }
      byte[] object = objects.get(new SliceId(piece.id(), piece.size()));
      if (object == null) {
        throw new AssertionError("object of " + piece + " is gone after " + trace);
      }
      for (int i = 0; i < piece.len(); i++) {
        if (object[piece.off() + i] != 0) {
          seen.put(start + piece.pos() + i, object[piece.off() + i]);
        }
      }
    }

    @Override
    public void close() throws FsException {
      for (TestVolume.Client client : clients) {
        client.beat();
      }
      try (Engine engine = volume.engine()) {
        Set<SliceId> needed = new HashSet<>(VolumeCheck.references(engine).keySet());
        objects.keySet().removeAll(volume.reaped);
        assertThat(objects.keySet()).as("objects after %s", trace).isEqualTo(needed);
      }
      volume.close();
    }
  }
}
