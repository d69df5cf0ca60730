package io.jfs.vfs.control;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Errno;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One open {@code .control}: takes a request in one or more writes, then has an answer, which lies
 * behind the request in the same stream of bytes. Thread safe.
 */
public final class ControlSession {
  private static final int HEADER_BYTES = 8;
  private static final int MAX_REQUEST_BYTES = 64 << 20;

  private final ControlCommands commands;

  @GuardedBy("this")
  private final ByteArrayOutputStream request = new ByteArrayOutputStream();

  @GuardedBy("this")
  private @Nullable ControlReply reply;

  @GuardedBy("this")
  private long answerOffset;

  ControlSession(ControlCommands commands) {
    this.commands = commands;
  }

  /** Takes the next bytes of a request, which the client has written at {@code offset}. */
  public synchronized void write(Caller caller, long offset, ByteBuffer data) {
    ControlReply last = reply;
    if (last != null && last.isEnded()) {
      reply = null;
    }
    answerOffset = offset + data.remaining();
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    request.writeBytes(bytes);
    if (reply != null) {
      refuse(Errno.EIO); // the last request is not answered yet
    } else if (request.size() >= HEADER_BYTES) {
      startIfComplete(caller);
    }
  }

  @GuardedBy("this")
  private void startIfComplete(Caller caller) {
    ByteBuffer header = ByteBuffer.wrap(request.toByteArray());
    int opcode = header.getInt();
    int size = header.getInt();
    if (size < 0 || size > MAX_REQUEST_BYTES) {
      refuse(Errno.EINVAL);
    } else if (header.remaining() > size) {
      refuse(Errno.EIO);
    } else if (header.remaining() == size) {
      ControlReply fresh = new ControlReply();
      reply = fresh;
      request.reset();
      commands.start(opcode, caller, header.slice(), fresh);
    }
  }

  @GuardedBy("this")
  private void refuse(Errno errno) {
    cancel();
    ControlReply refusal = new ControlReply();
    refusal.fail(errno);
    reply = refusal;
    request.reset();
  }

  /** What there is of the answer at {@code offset} of the stream; nothing if not yet more. */
  public synchronized byte[] read(long offset, int size) {
    ControlReply now = reply;
    return now == null ? new byte[0] : now.read(offset - answerOffset, size);
  }

  /** The client has gone away: what it asked for stops. */
  public synchronized void cancel() {
    if (reply != null) {
      reply.cancel();
    }
  }
}
