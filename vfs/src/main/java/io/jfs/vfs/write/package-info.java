/**
 * From written bytes to committed slices. One {@link io.jfs.vfs.write.FileWriter} per open inode,
 * one {@link io.jfs.vfs.write.Writers} per mount. Data specification 4.3.
 */
@NullMarked
package io.jfs.vfs.write;

import org.jspecify.annotations.NullMarked;
