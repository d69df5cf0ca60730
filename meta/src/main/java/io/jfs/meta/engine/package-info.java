/** Where records can live: the list of engines and their addresses. */
@NullMarked
package io.jfs.meta.engine;

import org.jspecify.annotations.NullMarked;
