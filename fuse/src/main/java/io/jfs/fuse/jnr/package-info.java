/**
 * The second front end: libfuse 2 through jnr-fuse, path based. For hosts where /dev/fuse cannot be
 * spoken to directly. What libfuse 2 cannot do stays undone here: see {@link
 * io.jfs.fuse.jnr.JnrFrontEnd}. No jnr type leaves this package.
 */
@NullMarked
package io.jfs.fuse.jnr;

import org.jspecify.annotations.NullMarked;
