/**
 * A volume's metadata as a stream, out of any engine and into any: the JSON and the binary form of
 * the format (metadata spec section 8), in memory that does not grow with the volume.
 */
@NullMarked
package io.jfs.meta.dump;

import org.jspecify.annotations.NullMarked;
