/** The client's side of the command channel {@code .control}. Vfs-cli specification 1.5. */
@NullMarked
package io.jfs.cli.control;

import org.jspecify.annotations.NullMarked;
