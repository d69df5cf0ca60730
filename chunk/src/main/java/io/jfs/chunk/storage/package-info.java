/** Opens the object store that a volume's setting names. */
@NullMarked
package io.jfs.chunk.storage;

import org.jspecify.annotations.NullMarked;
