/** What {@code jfs debug} collects of a mount for a bug report, without its secrets. */
@NullMarked
package io.jfs.cli.debug;

import org.jspecify.annotations.NullMarked;
