/** How a slice is cut into blocks. */
@NullMarked
package io.jfs.chunk.block;

import org.jspecify.annotations.NullMarked;
