/**
 * The store on TiKV: a transactional client of its own over gRPC. {@link
 * io.jfs.meta.engine.kv.tikv.Drivers} talks to the placement drivers (leader, timestamps, regions),
 * {@link io.jfs.meta.engine.kv.tikv.RegionClient} to the stores, {@link
 * io.jfs.meta.engine.kv.tikv.TikvSnapshot} reads, {@link io.jfs.meta.engine.kv.tikv.TikvTxn}
 * commits, {@link io.jfs.meta.engine.kv.tikv.Locks} deals with what other transactions left. No
 * type of gRPC, Netty or protobuf leaves this package.
 */
@NullMarked
package io.jfs.meta.engine.kv.tikv;

import org.jspecify.annotations.NullMarked;
