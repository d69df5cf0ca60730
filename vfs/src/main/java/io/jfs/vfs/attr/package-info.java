/** What this client knows about attributes between two questions to metadata. */
@NullMarked
package io.jfs.vfs.attr;

import org.jspecify.annotations.NullMarked;
