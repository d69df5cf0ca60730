/**
 * Speaks to the kernel and nothing else: {@link io.jfs.fuse.FuseServer} mounts and serves a {@link
 * io.jfs.vfs.VfsOps}. Requests are read from /dev/fuse by a few threads, decoded by {@code
 * FuseDispatcher}'s handlers, and answered in its one {@code reply}.
 */
@NullMarked
package io.jfs.fuse;

import org.jspecify.annotations.NullMarked;
