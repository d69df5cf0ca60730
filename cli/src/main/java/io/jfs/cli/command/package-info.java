/** One class per command; {@link io.jfs.cli.command.Commands} is their list. */
@NullMarked
package io.jfs.cli.command;

import org.jspecify.annotations.NullMarked;
