package io.jfs.meta.dump;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Writes segments one behind the other and remembers where they are. Thread safe. */
final class SegmentWriter {
  @GuardedBy("this")
  private final DataOutputStream out;

  @GuardedBy("this")
  private final Map<Segment, List<Long>> offsets = new EnumMap<>(Segment.class);

  @GuardedBy("this")
  private final Map<Segment, Long> rows = new EnumMap<>(Segment.class);

  @GuardedBy("this")
  private long position;

  SegmentWriter(OutputStream out) {
    this.out = new DataOutputStream(out);
  }

  synchronized void write(Segment kind, byte[] message, int count) throws IOException {
    offsets.computeIfAbsent(kind, k -> new ArrayList<>()).add(position);
    rows.merge(kind, (long) count, Long::sum);
    out.writeInt(kind.type());
    out.writeLong(message.length);
    out.write(message);
    position += Integer.BYTES + Long.BYTES + message.length;
  }

  /** Writes the end and the footer. */
  synchronized void finish() throws IOException {
    ProtoWriter footer = new ProtoWriter().number(1, Segment.END).number(2, Segment.VERSION);
    offsets.forEach(
        (kind, where) -> {
          ProtoWriter info =
              new ProtoWriter().packed(1, where).number(2, rows.getOrDefault(kind, 0L));
          byte[] title = kind.title().getBytes(StandardCharsets.US_ASCII);
          footer.message(3, new ProtoWriter().bytes(1, title).message(2, info));
        });
    byte[] bytes = footer.toBytes();
    out.writeInt(Segment.END);
    out.write(bytes);
    out.writeLong(bytes.length);
    out.flush();
  }
}
