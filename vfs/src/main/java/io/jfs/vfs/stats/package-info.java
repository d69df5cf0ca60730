/**
 * What a mount measures: counters, gauges and histograms under the names of vfs-cli specification
 * 1.3. Kept without a client library, because it is always on; others turn it into pages.
 */
@NullMarked
package io.jfs.vfs.stats;

import org.jspecify.annotations.NullMarked;
