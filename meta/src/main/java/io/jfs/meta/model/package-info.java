/**
 * The words of the file system: inodes, names, attributes, slices, callers, errors. Values only; no
 * I/O.
 */
@NullMarked
package io.jfs.meta.model;

import org.jspecify.annotations.NullMarked;
