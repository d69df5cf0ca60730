package io.jfs.meta.model;

/**
 * A slice as references and deletions name it.
 *
 * @param id unique in the volume, never 0
 * @param size full size in bytes
 */
public record SliceId(long id, int size) {}
