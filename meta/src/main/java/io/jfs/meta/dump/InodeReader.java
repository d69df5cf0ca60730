package io.jfs.meta.dump;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.FileType;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.Slice;
import io.jfs.meta.record.Records;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Observed;
import io.jfs.meta.txn.Ref;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads all facts about many inodes in two or three round trips. Thread safe. */
final class InodeReader {
  /** Files with more chunks are asked first which of them they have: most may be holes. */
  private static final long FEW_CHUNKS = 4;

  private final Engine engine;

  InodeReader(Engine engine) {
    this.engine = engine;
  }

  /** What is known of each inode, in their order; null for one that is not there. */
  List<@Nullable InodeFacts> read(List<Ino> inodes) {
    List<Ref> first = new ArrayList<>(inodes.size() * 2);
    for (Ino ino : inodes) {
      first.add(new Ref.OfCell<>(Records.ATTR, ino));
      first.add(new Ref.OfRows<>(Records.XATTR, ino));
    }
    Map<Ref, Observed> seen = new HashMap<>(engine.fetch(first));
    List<Ref> second = new ArrayList<>();
    Map<Ino, List<Integer>> chunks = chunkIndexes(inodes, seen);
    for (Ino ino : inodes) {
      Attr attr = attr(ino, seen);
      if (attr != null && attr.type() == FileType.SYMLINK) {
        second.add(new Ref.OfCell<>(Records.SYMLINK, ino));
      }
      chunks.getOrDefault(ino, List.of()).forEach(index -> second.add(chunk(ino, index)));
    }
    if (!second.isEmpty()) {
      seen.putAll(engine.fetch(second));
    }
    List<@Nullable InodeFacts> facts = new ArrayList<>(inodes.size());
    for (Ino ino : inodes) {
      facts.add(facts(ino, chunks.getOrDefault(ino, List.of()), seen));
    }
    return facts;
  }

  private Map<Ino, List<Integer>> chunkIndexes(List<Ino> inodes, Map<Ref, Observed> seen) {
    Map<Ino, List<Integer>> indexes = new HashMap<>();
    List<Ref> asked = new ArrayList<>();
    for (Ino ino : inodes) {
      Attr attr = attr(ino, seen);
      if (attr == null || !attr.isRegular() || attr.lengthBytes() <= 0) {
        continue;
      }
      long count = (attr.lengthBytes() + Slice.CHUNK_BYTES - 1) / Slice.CHUNK_BYTES;
      if (count > FEW_CHUNKS) {
        asked.add(new Ref.OfChunkIndexes(Records.CHUNK, ino, 0, (int) count));
      } else {
        List<Integer> all = new ArrayList<>();
        for (int index = 0; index < count; index++) {
          all.add(index);
        }
        indexes.put(ino, all);
      }
    }
    if (!asked.isEmpty()) {
      engine
          .fetch(asked)
          .forEach((ref, found) -> indexes.put(((Ref.OfChunkIndexes) ref).ino(), value(found)));
    }
    return indexes;
  }

  private static @Nullable InodeFacts facts(
      Ino ino, List<Integer> indexes, Map<Ref, Observed> seen) {
    Attr attr = attr(ino, seen);
    if (attr == null) {
      return null;
    }
    Map<Name, byte[]> xattrs = value(seen.get(new Ref.OfRows<>(Records.XATTR, ino)));
    SortedMap<Integer, List<Slice>> chunks = new TreeMap<>(Integer::compareUnsigned);
    for (int index : indexes) {
      List<Slice> records = value(seen.get(chunk(ino, index)));
      if (!records.isEmpty()) {
        chunks.put(index, records);
      }
    }
    Observed symlink = seen.get(new Ref.OfCell<>(Records.SYMLINK, ino));
    return new InodeFacts(
        ino,
        attr,
        new TreeMap<>(xattrs),
        symlink == null ? null : (byte[]) symlink.value(),
        chunks);
  }

  private static @Nullable Attr attr(Ino ino, Map<Ref, Observed> seen) {
    Observed observed = seen.get(new Ref.OfCell<>(Records.ATTR, ino));
    return observed == null ? null : (Attr) observed.value();
  }

  private static Ref chunk(Ino ino, int index) {
    return new Ref.OfLog<>(Records.CHUNK, new ChunkKey(ino, index));
  }

  // A fetch answers every ref with a value of the shape that the ref names.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T> T value(@Nullable Observed observed) {
    return (T) Objects.requireNonNull(Objects.requireNonNull(observed).value());
  }
}
