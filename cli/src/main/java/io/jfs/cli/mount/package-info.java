/**
 * What the operating system knows about mounts: the mount table, mount points, fstab, the daemon's
 * launcher.
 */
@NullMarked
package io.jfs.cli.mount;

import org.jspecify.annotations.NullMarked;
