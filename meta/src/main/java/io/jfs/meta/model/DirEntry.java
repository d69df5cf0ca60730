package io.jfs.meta.model;

import org.jspecify.annotations.Nullable;

/**
 * One entry of a listing.
 *
 * @param name under which
 * @param dentry what
 * @param attr its attributes, if they were asked for and exist
 */
public record DirEntry(Name name, Dentry dentry, @Nullable Attr attr) {}
