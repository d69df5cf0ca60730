/**
 * What a client does on the side: accounts of usage, deletion of data that nobody refers to, and
 * the hourly jobs that one client at a time does for all.
 */
@NullMarked
package io.jfs.meta.background;

import org.jspecify.annotations.NullMarked;
