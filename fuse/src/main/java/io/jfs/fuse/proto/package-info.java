/**
 * Layouts of the kernel's messages (fuse spec section 3; linux/fuse.h 7.45). Requests are read into
 * small records; replies are written with absolute puts that set every byte, padding included.
 * Buffers are in native order. Nothing here does I/O.
 */
@NullMarked
package io.jfs.fuse.proto;

import org.jspecify.annotations.NullMarked;
