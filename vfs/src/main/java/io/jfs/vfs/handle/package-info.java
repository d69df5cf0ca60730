/** Open files and directories: what their handles share, and what each has of its own. */
@NullMarked
package io.jfs.vfs.handle;

import org.jspecify.annotations.NullMarked;
