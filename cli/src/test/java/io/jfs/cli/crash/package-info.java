/** The process stops at a chosen call; what it has acknowledged is there all the same. */
@NullMarked
package io.jfs.cli.crash;

import org.jspecify.annotations.NullMarked;
