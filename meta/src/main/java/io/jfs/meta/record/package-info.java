/**
 * The schema: four shapes of record and the list of all records ({@link
 * io.jfs.meta.record.Records}). Nothing here says where a record lies; an engine's layout does.
 */
@NullMarked
package io.jfs.meta.record;

import org.jspecify.annotations.NullMarked;
