/**
 * Mounted clients as the volume sees them: who they are, until when they live, what they leave
 * behind.
 */
@NullMarked
package io.jfs.meta.session;

import org.jspecify.annotations.NullMarked;
