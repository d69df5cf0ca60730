/** Off-heap memory: pages from a bounded pool, each with one owner. */
@NullMarked
package io.jfs.cache.page;

import org.jspecify.annotations.NullMarked;
