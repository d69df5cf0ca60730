package io.jfs.fuse;

import io.jfs.fuse.jnr.JnrFrontEnd;
import java.nio.file.Path;

/**
 * Mounts a file system in memory until it is unmounted: for measuring and trying things by hand.
 */
public final class MemoryMount {
  private MemoryMount() {}

  /** {@code MOUNTPOINT [WORDS [jnr]]}: the words of -o, and the front end on libfuse. */
  public static void main(String[] args) throws Exception {
    MountOptions options = MountOptions.of("memory");
    if (args.length > 1) {
      options = options.parse(args[1]);
    }
    Mounted.Starter starter = args.length > 2 ? JnrFrontEnd::mount : FuseServer::mount;
    try (FrontEnd server = starter.mount(new MemoryVfs(), options, Path.of(args[0]))) {
      System.out.println("mounted");
      server.awaitUnmount();
    }
    System.out.println("unmounted");
  }
}
