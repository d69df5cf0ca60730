/** Compression of blocks. */
@NullMarked
package io.jfs.chunk.compress;

import org.jspecify.annotations.NullMarked;
