/**
 * Objects in S3 and its kin. The hot requests go over an HTTP client of their own; see
 * docs/adr/0006-s3-client.md.
 */
@NullMarked
package io.jfs.chunk.object.s3;

import org.jspecify.annotations.NullMarked;
