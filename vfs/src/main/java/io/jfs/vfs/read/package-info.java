/**
 * From slices to bytes. One {@link io.jfs.vfs.read.FileReader} per open inode, one {@link
 * io.jfs.vfs.read.ReadAhead} per handle. Data specification 4.1, 4.2.
 */
@NullMarked
package io.jfs.vfs.read;

import org.jspecify.annotations.NullMarked;
