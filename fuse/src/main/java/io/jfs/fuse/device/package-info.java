/**
 * System calls: the one place that talks to the C library. {@link io.jfs.fuse.device.FuseDevice} is
 * the port through which requests come in and replies go out; {@link io.jfs.fuse.device.MountPoint}
 * mounts and unmounts.
 */
@NullMarked
package io.jfs.fuse.device;

import org.jspecify.annotations.NullMarked;
