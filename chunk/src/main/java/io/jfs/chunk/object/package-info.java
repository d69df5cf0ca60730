/** Named immutable blobs: the port and its drivers. */
@NullMarked
package io.jfs.chunk.object;

import org.jspecify.annotations.NullMarked;
