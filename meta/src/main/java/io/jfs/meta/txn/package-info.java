/**
 * The seam between semantics and engines: an operation reads and writes records through a {@link
 * io.jfs.meta.txn.RecordTxn}, an {@link io.jfs.meta.txn.Engine} fetches and commits them, and the
 * {@link io.jfs.meta.txn.Transactor} is the only retry loop.
 */
@NullMarked
package io.jfs.meta.txn;

import org.jspecify.annotations.NullMarked;
