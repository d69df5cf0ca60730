/** Tests of a mount as an operator sees it, beside the reference where that is to be compared. */
@NullMarked
package io.jfs.cli.live;

import org.jspecify.annotations.NullMarked;
