package io.jfs.vfs.virtual;

import io.jfs.meta.model.Ino;
import io.jfs.vfs.Request;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** {@code .config}: the running configuration as JSON, made anew at each open. Spec 1.4. */
final class ConfigFile implements VirtualFile {
  private final Supplier<String> json;

  ConfigFile(Supplier<String> json) {
    this.json = json;
  }

  @Override
  public String name() {
    return ".config";
  }

  @Override
  public Ino ino() {
    return new Ino(Ino.FIRST_VIRTUAL + 3);
  }

  @Override
  public int mode() {
    return 0400;
  }

  @Override
  public Place place() {
    return Place.LISTED_IN_ROOT;
  }

  @Override
  public long lengthBytes() {
    return bytes().length;
  }

  @Override
  public VirtualHandle open(Request request) {
    return new Snapshot(bytes());
  }

  private byte[] bytes() {
    return json.get().getBytes(StandardCharsets.UTF_8);
  }
}
