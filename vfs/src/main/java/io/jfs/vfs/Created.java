package io.jfs.vfs;

import io.jfs.meta.model.Entry;

/**
 * What create and tmpfile answer.
 *
 * @param entry the new or existing file
 * @param opened its handle
 */
public record Created(Entry entry, Opened opened) {}
