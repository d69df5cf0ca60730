/**
 * The embedded store: LMDB in a directory, shared by several processes of one host. No type of the
 * library leaves this package.
 */
@NullMarked
package io.jfs.meta.engine.kv.lmdb;

import org.jspecify.annotations.NullMarked;
