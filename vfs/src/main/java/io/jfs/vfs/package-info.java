/**
 * Gives open files their life. {@link io.jfs.vfs.VfsOps} is what every front end calls; it knows no
 * FUSE type. Behind it stand handles, the per-file writer and reader, caches of attributes and
 * entries, and the virtual files.
 */
@NullMarked
package io.jfs.vfs;

import org.jspecify.annotations.NullMarked;
