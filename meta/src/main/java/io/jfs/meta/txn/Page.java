package io.jfs.meta.txn;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a long listing.
 *
 * @param rows in the engine's order; an engine without an order may repeat a row in a later page
 * @param next opaque place to go on from; null when this was the last page
 */
public record Page<R>(List<R> rows, @Nullable Object next) {}
