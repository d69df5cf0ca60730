/**
 * The store on etcd: one Txn per commit, reads from one revision. Spoken through the protocol's
 * stubs of jetcd over channels of our own, because commits must never be repeated behind our back.
 * No type of gRPC, Netty or jetcd leaves this package.
 */
@NullMarked
package io.jfs.meta.engine.kv.etcd;

import org.jspecify.annotations.NullMarked;
