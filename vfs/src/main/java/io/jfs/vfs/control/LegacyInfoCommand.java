package io.jfs.vfs.control;

import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code info} as old clients ask for it: text. */
final class LegacyInfoCommand implements ControlCommand {
  private final Inspection inspection;

  LegacyInfoCommand(Inspection inspection) {
    this.inspection = inspection;
  }

  @Override
  public int opcode() {
    return 1003;
  }

  @Override
  public void run(Caller caller, ByteBuffer payload, ControlReply reply)
      throws FsException, IOException {
    Ino ino = new Ino(payload.getLong());
    boolean recursive = !payload.hasRemaining() || payload.get() != 0;
    Attr attr = inspection.attr(ino);
    Tree.Reach reach = recursive ? Tree.Reach.ALL : Tree.Reach.CHILDREN;
    // Progress would come before the text, and old clients know none.
    Inspection.Sums sums = inspection.sums(caller, ino, reach, new ControlReply());
    StringBuilder text = new StringBuilder();
    text.append("  inode: ").append(ino).append('\n');
    text.append("  files: ").append(sums.files()).append('\n');
    text.append("   dirs: ").append(sums.dirs()).append('\n');
    text.append(" length: ").append(ByteCount.text(sums.length())).append('\n');
    text.append("   size: ").append(ByteCount.text(sums.size())).append('\n');
    List<String> paths = inspection.paths(ino);
    if (paths.size() > 1) {
      text.append("  paths:\n");
      paths.forEach(path -> text.append('\t').append(path).append('\n'));
    } else {
      text.append("   path: ").append(paths.isEmpty() ? "unknown" : paths.get(0)).append('\n');
    }
    if (attr.isRegular()) {
      text.append("objects:\n");
      for (Inspection.Part part : inspection.objects(ino, attr)) {
        text.append('\t').append(part.chunk()).append(":\t").append(part.key());
        text.append('\t').append(part.size()).append('\t').append(part.off());
        text.append('\t').append(part.len()).append('\n');
      }
    }
    reply.plain(text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
