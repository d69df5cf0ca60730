package io.jfs.chunk.http;

import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request.
 *
 * @param method GET, PUT, ...
 * @param target path and query, percent-encoded
 * @param headers names and values; host among them, content-length not
 * @param body sent from position to limit and left as it was; null for none
 */
public record HttpRequest(
    String method, String target, Map<String, String> headers, @Nullable ByteBuffer body) {}
