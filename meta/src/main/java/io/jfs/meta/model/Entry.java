package io.jfs.meta.model;

/**
 * What a lookup answers: an inode and its attributes.
 *
 * @param ino the inode
 * @param attr its attributes
 */
public record Entry(Ino ino, Attr attr) {}
