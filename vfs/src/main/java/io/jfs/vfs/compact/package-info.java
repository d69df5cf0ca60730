/** Rewriting chunks that have become many small slices. Data specification 5.1, 5.2. */
@NullMarked
package io.jfs.vfs.compact;

import org.jspecify.annotations.NullMarked;
