/** Recently used blocks, kept in memory and on local disks. */
@NullMarked
package io.jfs.cache.block;

import org.jspecify.annotations.NullMarked;
