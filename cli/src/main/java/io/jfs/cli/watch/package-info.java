/**
 * Watching a mount through its virtual files: what {@code jfs stats} and {@code jfs profile} show.
 * Works on mounts of the reference, too. Vfs-cli specification 3.8.
 */
@NullMarked
package io.jfs.cli.watch;

import org.jspecify.annotations.NullMarked;
