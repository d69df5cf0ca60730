/** Copies that share slices, while compaction and garbage collection run all the time. */
@NullMarked
package io.jfs.cli.copies;

import org.jspecify.annotations.NullMarked;
