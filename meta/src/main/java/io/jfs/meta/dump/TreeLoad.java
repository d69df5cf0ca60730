package io.jfs.meta.dump;

import io.jfs.meta.model.AclRule;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.ChunkKey;
import io.jfs.meta.model.Dentry;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.QuotaKey;
import io.jfs.meta.model.QuotaLimits;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Sequence;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.record.codec.AttrCodec;
import io.jfs.meta.spill.SortedRows;
import io.jfs.meta.spill.SpillSort;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of a tree that is told inode by inode, directories after their entries. What a tree
 * implies is counted anew instead of believed: link counts, parents, slice references, sums, usage,
 * ids. Metadata spec 8.1, "Load".
 */
final class TreeLoad implements AutoCloseable {
  private static final long SORT_BYTES = 8 << 20;

  private final BulkWriter out;
  private final Map<QuotaKey, QuotaLimits> limits = new HashMap<>();
  private final Map<QuotaKey, long[]> used = new HashMap<>();
  private final Map<AclRule, Integer> rules = new HashMap<>();
  private final InoSet seen = new InoSet();
  private final SpillSort links = new SpillSort(SORT_BYTES);
  private final SpillSort slices = new SpillSort(SORT_BYTES);
  private boolean countsOwners;
  private long usedSpaceBytes;
  private long usedInodes;
  private long lastInode = Ino.ROOT.value();
  private long lastSlice;
  private long lastTrash;

  TreeLoad(BulkWriter out) {
    this.out = out;
  }

  /** Usage per user and group is kept. */
  void countOwners() {
    countsOwners = true;
  }

  /** A quota; its usage is counted. Before the tree. */
  void quota(QuotaKey key, QuotaLimits limit) {
    limits.put(key, limit);
    used.put(key, new long[2]);
  }

  /** A file without a link whose data is to be deleted. */
  void deletedFile(Ino ino, long lengthBytes, long unixSeconds) {
    out.put(
        Records.DELETED_FILE, Volume.KEY, new Records.DeletedFile(ino, lengthBytes), unixSeconds);
  }

  /**
   * An inode's attributes are known: says whether it is the first time.
   *
   * @throws FormatException a directory for the second time
   */
  void begin(LoadedInode inode) throws FormatException {
    inode.isFirst = seen.add(inode.ino);
    if (!inode.isFirst && attr(inode).isDirectory()) {
      throw new FormatException("the dump has directory inode " + inode.ino + " twice");
    }
    if (inode.ino.isHourlyTrash()) {
      lastTrash = Math.max(lastTrash, inode.ino.value() - Ino.TRASH_ROOT.value());
    } else if (!inode.ino.isTrash()) {
      lastInode = Math.max(lastInode, inode.ino.value());
    }
  }

  /** A chunk of the file that was begun last. */
  void chunk(LoadedInode file, int index, List<Slice> records) {
    if (!file.isFirst || records.isEmpty()) {
      return;
    }
    out.set(Records.CHUNK, new ChunkKey(file.ino, index), records);
    for (Slice record : records) {
      if (!record.isHole()) {
        lastSlice = Math.max(lastSlice, record.id());
        slices.add(ByteBuffer.allocate(12).putLong(record.id()).putInt(record.size()).array());
      }
    }
  }

  /** All is known of an inode, and of its entries. */
  void end(LoadedInode inode) {
    Attr attr = withAcls(inode);
    boolean isTop = inode.directory == null;
    if (attr.isDirectory()) {
      endDirectory(inode, attr);
    } else {
      addLink(inode, attr);
    }
    if (inode.isFirst) {
      inode.xattrs.forEach((name, value) -> out.put(Records.XATTR, inode.ino, name, value));
      byte[] target = inode.symlink;
      if (target != null) {
        out.put(Records.SYMLINK, inode.ino, target);
      }
      if (!isTop) {
        usedSpaceBytes += attr.usedSpaceBytes();
        usedInodes++;
        countOwners(attr);
      }
    }
    if (!isTop) {
      addTo(Objects.requireNonNull(inode.directory), inode, attr);
    }
  }

  private Attr withAcls(LoadedInode inode) {
    Attr.Editor edited =
        attr(inode)
            .edit()
            .accessAcl(ruleId(inode.accessRule))
            .defaultAcl(ruleId(inode.defaultRule));
    byte[] target = inode.symlink;
    return (target == null ? edited : edited.lengthBytes(target.length)).build();
  }

  private static Attr attr(LoadedInode inode) {
    return Objects.requireNonNull(inode.attr);
  }

  private int ruleId(@Nullable AclRule rule) {
    if (rule == null) {
      return 0;
    }
    return rules.computeIfAbsent(
        rule,
        added -> {
          int id = rules.size() + 1;
          out.put(Records.ACL, id, added);
          return id;
        });
  }

  private void endDirectory(LoadedInode inode, Attr attr) {
    LoadedInode above = inode.directory;
    Attr counted =
        attr.edit()
            .lengthBytes(Attr.DIRECTORY_LENGTH_BYTES)
            .nlink(2 + (inode.ino.isTrash() ? 0 : inode.subdirectories))
            .parent(above == null ? Ino.ROOT : above.ino)
            .build();
    out.put(Records.ATTR, inode.ino, counted);
    out.set(Records.DIR_STAT, inode.ino, inode.sums);
    long[] usage = used.get(new QuotaKey(QuotaKey.Kind.DIRECTORY, inode.ino.value()));
    if (usage != null) {
      usage[0] = inode.treeSpaceBytes;
      usage[1] = inode.treeInodes;
    }
  }

  private void addLink(LoadedInode inode, Attr attr) {
    byte[] stored = AttrCodec.INSTANCE.encode(attr);
    Ino above = inode.directory == null ? Ino.ROOT : inode.directory.ino;
    links.add(
        ByteBuffer.allocate(16 + stored.length)
            .putLong(inode.ino.value())
            .putLong(above.value())
            .put(stored)
            .array());
  }

  private void addTo(LoadedInode directory, LoadedInode inode, Attr attr) {
    out.put(Records.DENTRY, directory.ino, inode.name, new Dentry(attr.type(), inode.ino));
    directory.subdirectories += attr.isDirectory() ? 1 : 0;
    directory.sums[0] += attr.isRegular() ? attr.lengthBytes() : 0;
    directory.sums[1] += attr.usedSpaceBytes();
    directory.sums[2]++;
    directory.treeSpaceBytes += attr.usedSpaceBytes() + inode.treeSpaceBytes;
    directory.treeInodes += 1 + inode.treeInodes;
  }

  private void countOwners(Attr attr) {
    // The format counts neither symlinks nor special files of an owner, only in directories.
    if (countsOwners && (attr.isRegular() || attr.isDirectory())) {
      count(QuotaKey.Kind.USER, attr.uid(), attr);
      count(QuotaKey.Kind.GROUP, attr.gid(), attr);
    }
  }

  private void count(QuotaKey.Kind kind, int id, Attr attr) {
    long[] usage =
        used.computeIfAbsent(new QuotaKey(kind, Integer.toUnsignedLong(id)), key -> new long[2]);
    usage[0] += attr.usedSpaceBytes();
    usage[1]++;
  }

  /** Writes what could only be known at the end. */
  void finish(LoadTarget target) {
    writeLinks();
    writeReferences();
    used.forEach(
        (key, usage) -> {
          out.put(Records.QUOTA, key, limits.getOrDefault(key, new QuotaLimits(-1, -1)));
          out.set(Records.QUOTA_USED, key, usage);
        });
    out.set(Records.USED_SPACE, Volume.KEY, usedSpaceBytes);
    out.set(Records.USED_INODES, Volume.KEY, usedInodes);
    out.flush();
    target.advance(Sequence.INODE, lastInode + 1);
    target.advance(Sequence.SLICE, lastSlice + 1);
    target.advance(Sequence.SESSION, 0);
    target.advance(Sequence.TRASH_DIR, lastTrash + 1);
    if (!rules.isEmpty()) {
      target.advance(Sequence.ACL, rules.size() + 1L);
    }
  }

  /** Rows of one inode follow each other, and among them those of one directory. */
  private void writeLinks() {
    try (SortedRows rows = links.sorted()) {
      byte[] row = rows.next();
      while (row != null) {
        ByteBuffer first = ByteBuffer.wrap(row);
        Ino ino = new Ino(first.getLong());
        Attr attr = AttrCodec.INSTANCE.decode(Arrays.copyOfRange(row, 16, row.length), ino);
        Map<Ino, Long> parents = new TreeMap<>();
        int count = 0;
        while (row != null && ByteBuffer.wrap(row).getLong() == ino.value()) {
          parents.merge(new Ino(ByteBuffer.wrap(row).getLong(8)), 1L, Long::sum);
          count++;
          row = rows.next();
        }
        Ino parent = count == 1 ? parents.keySet().iterator().next() : Ino.NONE;
        out.put(Records.ATTR, ino, attr.edit().nlink(count).parent(parent).build());
        if (count > 1) {
          parents.forEach((directory, n) -> out.put(Records.PARENT, ino, directory, n));
        }
      }
    }
  }

  /** One reference is what an absent count means. */
  private void writeReferences() {
    try (SortedRows rows = slices.sorted()) {
      byte[] row = rows.next();
      while (row != null) {
        byte[] slice = row;
        int count = 0;
        while (row != null && Arrays.equals(row, slice)) {
          count++;
          row = rows.next();
        }
        if (count > 1) {
          ByteBuffer id = ByteBuffer.wrap(slice);
          out.set(Records.SLICE_REF, new SliceId(id.getLong(), id.getInt()), count - 1);
        }
      }
    }
  }

  /** Removes what was put aside. */
  @Override
  public void close() {
    links.close();
    slices.close();
  }
}
