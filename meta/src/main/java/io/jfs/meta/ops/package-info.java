/**
 * What POSIX says, written once: each class is a family of operations, each operation a function of
 * (transaction, caller, arguments) to an answer or a refusal. Nothing here owns a clock, a random
 * generator, ids or I/O, so that an attempt can be repeated, a trace replayed and a model called in
 * the same way.
 */
@NullMarked
package io.jfs.meta.ops;

import org.jspecify.annotations.NullMarked;
