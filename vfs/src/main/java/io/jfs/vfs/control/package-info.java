/**
 * The command channel behind {@code .control}: one class per command, listed in {@link
 * io.jfs.vfs.control.ControlCommands}. Vfs-cli specification 1.5.
 */
@NullMarked
package io.jfs.vfs.control;

import org.jspecify.annotations.NullMarked;
