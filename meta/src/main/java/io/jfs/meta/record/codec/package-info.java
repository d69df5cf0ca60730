/**
 * Stored bytes of values, shared by all encodings: metadata spec section 1. Decoding is strict: a
 * value of the wrong shape is a {@link io.jfs.meta.model.CorruptRecordException} that names the
 * record.
 */
@NullMarked
package io.jfs.meta.record.codec;

import org.jspecify.annotations.NullMarked;
