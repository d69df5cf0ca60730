/** What commands for a whole volume share: changes of settings, tables of usage, questions. */
@NullMarked
package io.jfs.cli.admin;

import org.jspecify.annotations.NullMarked;
