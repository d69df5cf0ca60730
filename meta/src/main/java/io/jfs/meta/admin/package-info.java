/** What an administrator does to a whole volume: format, change, look at, check, destroy. */
@NullMarked
package io.jfs.meta.admin;

import org.jspecify.annotations.NullMarked;
