package io.jfs.meta.txn;

import org.jspecify.annotations.Nullable;

/**
 * What a fetch saw.
 *
 * @param value the decoded value of the shape that the {@link Ref} names; null for absent
 * @param version the engine's own token by which its commit recognises that nothing changed; opaque
 *     to everybody else
 */
public record Observed(@Nullable Object value, @Nullable Object version) {}
