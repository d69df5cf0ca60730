/**
 * A small HTTP/1.1 client that moves bytes between sockets and direct buffers without copies. It
 * knows what object stores need and no more: no redirects, no cookies, no caches.
 */
@NullMarked
package io.jfs.chunk.http;

import org.jspecify.annotations.NullMarked;
