/** Text that commands print for people: tables. */
@NullMarked
package io.jfs.cli.text;

import org.jspecify.annotations.NullMarked;
