/**
 * The log lines of jfs: a small SLF4J backend with the line format that operators of JuiceFS know.
 */
@NullMarked
package io.jfs.cli.log;

import org.jspecify.annotations.NullMarked;
