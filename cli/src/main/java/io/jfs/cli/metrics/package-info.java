/** What a mount tells a Prometheus server. */
@NullMarked
package io.jfs.cli.metrics;

import org.jspecify.annotations.NullMarked;
