package io.jfs.cli.command;

import io.jfs.cli.option.Options;
import java.io.PrintStream;
import java.util.List;

/**
 * One call of a command.
 *
 * @param options given or default
 * @param arguments at least as many as the command names
 * @param out where results go
 */
public record Invocation(Options options, List<String> arguments, PrintStream out) {}
