package io.jfs.meta.model;

/**
 * One 64 MiB window of a file.
 *
 * @param ino the file
 * @param index offset &gt;&gt; 26
 */
public record ChunkKey(Ino ino, int index) {}
