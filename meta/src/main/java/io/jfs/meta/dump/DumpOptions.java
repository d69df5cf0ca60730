package io.jfs.meta.dump;

/**
 * What goes into a dump.
 *
 * @param subdirectory path of the directory whose tree is dumped; "" or "/" for all
 * @param keepSecrets whether secrets stay in the setting, encrypted as they are stored
 * @param skipTrash leave the trash out
 * @param threads that read ahead
 */
public record DumpOptions(
    String subdirectory, boolean keepSecrets, boolean skipTrash, int threads) {
  /** Everything, without secrets. */
  public static final DumpOptions DEFAULT = new DumpOptions("", false, false, 10);
}
