package io.jfs.vfs;

/**
 * What open and opendir answer.
 *
 * @param handle the file handle number: odd for read-only files and directories, even for writable
 *     files
 * @param keepCache the kernel may keep what it cached of this inode since it was last open
 * @param directIo reads and writes bypass the kernel's page cache
 * @param cacheDir the kernel may cache this directory's listing
 */
public record Opened(long handle, boolean keepCache, boolean directIo, boolean cacheDir) {}
