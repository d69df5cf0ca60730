package io.jfs.meta.model;

/**
 * One locked range of one owner. Stored layout: metadata spec 1.6.
 *
 * @param exclusive a write lock
 * @param pid the process that took it
 * @param start first byte
 * @param end last byte, inclusive; Long.MAX_VALUE to the end
 */
public record PosixLock(boolean exclusive, int pid, long start, long end) {}
