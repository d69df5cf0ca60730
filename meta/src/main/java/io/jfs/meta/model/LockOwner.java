package io.jfs.meta.model;

/**
 * Who holds a lock: a session and, within it, the kernel's owner.
 *
 * @param sid the session
 * @param owner the kernel's lock owner (for flock XORed with the handle)
 */
public record LockOwner(long sid, long owner) {}
