/**
 * Engines over ordered key-value stores: one encoding ({@link io.jfs.meta.engine.kv.KvLayout},
 * metadata spec section 4), one engine ({@link io.jfs.meta.engine.kv.KvEngine}), and the small port
 * that a store has to fill ({@link io.jfs.meta.engine.kv.OrderedKv}).
 */
@NullMarked
package io.jfs.meta.engine.kv;

import org.jspecify.annotations.NullMarked;
