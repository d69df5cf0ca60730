/** Checking a volume: metadata, and the blocks that it needs. */
@NullMarked
package io.jfs.cli.fsck;

import org.jspecify.annotations.NullMarked;
