/**
 * The command line of jfs: parses, wires, prints. The only place that constructs the parts of a
 * mount.
 */
@NullMarked
package io.jfs.cli;

import org.jspecify.annotations.NullMarked;
