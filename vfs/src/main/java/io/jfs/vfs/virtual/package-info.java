/**
 * Files that are not stored: one class per file, listed in {@link io.jfs.vfs.virtual.VirtualFiles}.
 * Vfs-cli specification 1.
 */
@NullMarked
package io.jfs.vfs.virtual;

import org.jspecify.annotations.NullMarked;
