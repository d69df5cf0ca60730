/**
 * Typed command-line options: their names, units, defaults and meanings, in groups that commands
 * share.
 */
@NullMarked
package io.jfs.cli.option;

import org.jspecify.annotations.NullMarked;
