/** Sorting more than fits into memory: what volume-wide jobs need to stay within a small heap. */
@NullMarked
package io.jfs.meta.spill;

import org.jspecify.annotations.NullMarked;
