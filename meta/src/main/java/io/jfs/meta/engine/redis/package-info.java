/**
 * Records in Redis: the keys of metadata spec 3.2, reads pipelined or in one read script, commits
 * as one compare-and-apply script. No Lettuce type leaves this package.
 */
@NullMarked
package io.jfs.meta.engine.redis;

import org.jspecify.annotations.NullMarked;
