/**
 * Progress of long commands: bars and spinners for people in front of a terminal, silence
 * otherwise.
 */
@NullMarked
package io.jfs.cli.progress;

import org.jspecify.annotations.NullMarked;
