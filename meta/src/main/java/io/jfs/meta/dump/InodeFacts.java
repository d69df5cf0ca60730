package io.jfs.meta.dump;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.Slice;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * All that a volume keeps of one inode, but its entries.
 *
 * @param ino the inode
 * @param attr its attributes
 * @param xattrs by raw name
 * @param symlink target, for symbolic links
 * @param chunks slices by chunk index, for files; without empty chunks and those behind the end
 */
record InodeFacts(
    Ino ino,
    Attr attr,
    SortedMap<Name, byte[]> xattrs,
    byte @Nullable [] symlink,
    SortedMap<Integer, List<Slice>> chunks) {}
