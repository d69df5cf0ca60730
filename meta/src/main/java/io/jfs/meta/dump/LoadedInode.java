package io.jfs.meta.dump;

import io.jfs.meta.model.AclRule;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An inode of a dump while it is read, below the directory it was found in. */
final class LoadedInode {
  final @Nullable LoadedInode directory;
  final Name name;
  Ino ino = Ino.NONE;

  /** As in the dump: without parent, ACL ids and a link count that is to be believed. */
  @Nullable Attr attr;

  /** Whether no entry that was read before leads to the same inode. */
  boolean isFirst;

  final Map<Name, byte[]> xattrs = new HashMap<>();
  byte @Nullable [] symlink;
  @Nullable AclRule accessRule;
  @Nullable AclRule defaultRule;

  /** Of a directory: subdirectories; length, space and inodes of its entries; those of its tree. */
  int subdirectories;

  final long[] sums = new long[3];
  long treeSpaceBytes;
  long treeInodes;

  LoadedInode(@Nullable LoadedInode directory, Name name) {
    this.directory = directory;
    this.name = name;
  }
}
