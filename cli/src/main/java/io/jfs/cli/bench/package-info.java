/**
 * Measuring: many threads run one operation, latencies are counted, results shown or given as JSON.
 */
@NullMarked
package io.jfs.cli.bench;

import org.jspecify.annotations.NullMarked;
