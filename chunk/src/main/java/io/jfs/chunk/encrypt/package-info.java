/** Encryption at rest: private keys, data keys, and the layout of an encrypted object. */
@NullMarked
package io.jfs.chunk.encrypt;

import org.jspecify.annotations.NullMarked;
