package io.jfs.vfs.virtual;

import io.jfs.meta.model.Ino;
import io.jfs.vfs.Request;
import io.jfs.vfs.control.ControlCommands;
import io.jfs.vfs.control.ControlSession;
import java.nio.ByteBuffer;

/** {@code .control}: the command channel, found in every directory. Spec 1.5. */
final class ControlFile implements VirtualFile {
  private final ControlCommands commands;

  ControlFile(ControlCommands commands) {
    this.commands = commands;
  }

  @Override
  public String name() {
    return ".control";
  }

  @Override
  public Ino ino() {
    return new Ino(Ino.FIRST_VIRTUAL + 1);
  }

  @Override
  public int mode() {
    return 0666;
  }

  @Override
  public Place place() {
    return Place.EVERYWHERE;
  }

  @Override
  public VirtualHandle open(Request request) {
    return new Handle(commands.open());
  }

  private record Handle(ControlSession session) implements VirtualHandle {
    @Override
    public byte[] read(Request request, long offset, int size) {
      return session.read(offset, size);
    }

    @Override
    public void write(Request request, long offset, ByteBuffer data) {
      session.write(request.caller(), offset, data);
    }

    @Override
    public void flush() {
      session.cancel();
    }

    @Override
    public void close() {
      session.cancel();
    }
  }
}
