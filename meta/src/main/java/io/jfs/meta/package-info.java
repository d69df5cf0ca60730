/**
 * Answers every POSIX question about names and attributes, in one transaction each. {@link
 * io.jfs.meta.Meta} is the way in; it knows no bytes of files.
 */
@NullMarked
package io.jfs.meta;

import org.jspecify.annotations.NullMarked;
