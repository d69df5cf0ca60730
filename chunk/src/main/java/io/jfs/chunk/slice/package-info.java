/** Slices: runs of bytes, written once, stored as blocks. */
@NullMarked
package io.jfs.chunk.slice;

import org.jspecify.annotations.NullMarked;
