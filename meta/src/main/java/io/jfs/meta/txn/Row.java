package io.jfs.meta.txn;

/**
 * One row of a listing.
 *
 * @param key field or key
 * @param value its value
 */
public record Row<F, V>(F key, V value) {}
