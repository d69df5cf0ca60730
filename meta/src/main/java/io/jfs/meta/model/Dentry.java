package io.jfs.meta.model;

/**
 * What a directory keeps under a name. Stored layout: metadata spec 1.2.
 *
 * @param type the kind of inode that the name leads to
 * @param ino the inode
 */
public record Dentry(FileType type, Ino ino) {}
