package io.jfs.fuse;

import io.jfs.fuse.device.FuseDevice;
import io.jfs.fuse.proto.InHeader;
import io.jfs.fuse.proto.Opcode;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Ino;
import io.jfs.vfs.Cancellation;
import io.jfs.vfs.ReadData;
import io.jfs.vfs.Request;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * One request of the kernel on its way: what came in, and what a handler sets to be answered. Used
 * by one thread at a time; only {@link #unique()} and {@link #interrupt()} are for others.
 */
final class Operation {
  private final Opcode opcode;
  private final long unique;
  private final Ino ino;
  private final FuseDevice device;
  private final Request request;
  private final long startNanos;
  private final ByteBuffer in;
  private final Reply reply;

  private int payloadBytes;
  private @Nullable ReadData data;
  private @Nullable Object result;
  private boolean silent;
  private boolean answered = true;
  private int errno;
  private long durationNanos;

  /** A request that lies in {@code in}, to be answered on {@code device} with {@code reply}. */
  Operation(
      Opcode opcode,
      ByteBuffer in,
      FuseDevice device,
      Reply reply,
      Caller caller,
      long startNanos) {
    this(
        opcode,
        InHeader.unique(in),
        new Ino(InHeader.nodeId(in)),
        device,
        new Request(caller, new Cancellation(), startNanos),
        startNanos,
        in,
        reply);
  }

  private Operation(
      Opcode opcode,
      long unique,
      Ino ino,
      FuseDevice device,
      Request request,
      long startNanos,
      ByteBuffer in,
      Reply reply) {
    this.opcode = opcode;
    this.unique = unique;
    this.ino = ino;
    this.device = device;
    this.request = request;
    this.startNanos = startNanos;
    this.in = in;
    this.reply = reply;
  }

  /** The same request with a copy of its bytes on the heap. */
  Operation copied() {
    byte[] copy = InHeader.bytes(in, 0, InHeader.length(in));
    ByteBuffer copied = ByteBuffer.wrap(copy).order(ByteOrder.nativeOrder());
    return new Operation(opcode, unique, ino, device, request, startNanos, copied, reply);
  }

  /** The same request in the same memory, to be answered with another thread's reply. */
  Operation movedTo(Reply otherReply) {
    return new Operation(opcode, unique, ino, device, request, startNanos, in, otherReply);
  }

  Opcode opcode() {
    return opcode;
  }

  /** The request's id. */
  long unique() {
    return unique;
  }

  /** Whether a process that is gone had read it, and may have carried it out. */
  boolean isResent() {
    return unique < 0;
  }

  /** The inode that is operated on. */
  Ino ino() {
    return ino;
  }

  /** The request's bytes. */
  ByteBuffer in() {
    return in;
  }

  Request request() {
    return request;
  }

  /** Where the payload of the reply is built, from {@link Reply#PAYLOAD} on. */
  ByteBuffer out() {
    return reply.buffer();
  }

  /** The longest payload of a reply. */
  int outCapacityBytes() {
    return reply.capacityBytes();
  }

  /** The caller does not want to wait any longer. For other threads. */
  void interrupt() {
    // A killed process closes its files with the signal still pending; what it wrote must not go
    // lost, so a flush goes on.
    if (opcode != Opcode.FLUSH && opcode != Opcode.RELEASE) {
      request.cancellation().cancel();
    }
  }

  /** A handler built so many bytes of payload. */
  void answer(int bytes) {
    payloadBytes = bytes;
  }

  /** A handler built so many bytes of payload; {@code outcome} is what an undo needs. */
  void answer(int bytes, Object outcome) {
    payloadBytes = bytes;
    result = outcome;
  }

  /** A handler answers file bytes; they are given back after the reply. */
  void answer(ReadData bytes) {
    data = bytes;
    result = bytes.lengthBytes();
  }

  /** The operation goes on elsewhere or has no reply: nothing is sent by this thread. */
  void leaveUnanswered() {
    answered = false;
  }

  boolean isAnswered() {
    return answered;
  }

  /** Not to be traced. */
  void silence() {
    silent = true;
  }

  boolean isSilent() {
    return silent;
  }

  /** What the handler answered; null if it refused or answers nothing. */
  @Nullable Object result() {
    return errno == 0 ? result : null;
  }

  /**
   * Sends the reply and notes the end.
   *
   * @param error 0 or a positive errno
   * @return 0, or the device's negative errno
   */
  int send(int error) {
    errno = error;
    int sent =
        error == 0 && data != null
            ? reply.send(device, unique, data)
            : reply.send(device, unique, error, error == 0 ? payloadBytes : 0);
    durationNanos = System.nanoTime() - startNanos;
    return sent;
  }

  /** Gives borrowed bytes back. */
  void release() {
    if (data != null) {
      data.close();
      data = null;
    }
  }

  /** The kernel's word for it in lower case: lookup, readdirplus, setlkw, ... */
  String name() {
    return opcode.word();
  }

  /** On whose behalf. */
  Caller caller() {
    return request.caller();
  }

  /** How long it took, from the request's arrival to the reply's departure. */
  long durationNanos() {
    return durationNanos;
  }

  /** What it answered: 0, or a positive Linux errno. */
  int errno() {
    return errno;
  }

  /** File bytes read or written; 0 for other operations. */
  long transferredBytes() {
    boolean transfers = opcode == Opcode.READ || opcode == Opcode.WRITE;
    return transfers && result() instanceof Integer n ? n : 0;
  }
}
