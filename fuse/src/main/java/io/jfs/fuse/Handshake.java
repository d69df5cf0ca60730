package io.jfs.fuse;

import io.jfs.fuse.device.FuseDevice;
import io.jfs.fuse.device.GatherList;
import io.jfs.fuse.device.NativeMemory;
import io.jfs.fuse.device.SystemCallException;
import io.jfs.fuse.proto.InHeader;
import io.jfs.fuse.proto.Init;
import io.jfs.fuse.proto.Init.Agreement;
import io.jfs.fuse.proto.Init.Offer;
import io.jfs.fuse.proto.Opcode;
import io.jfs.fuse.proto.OutHeader;
import io.jfs.meta.model.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Answers INIT, the first request on a new mount. */
final class Handshake {
  private static final int REQUEST_BYTES = 8192;

  private Handshake() {}

  /**
   * Reads INIT and agrees with the kernel.
   *
   * @throws IOException the kernel is too old, or the device fails
   */
  static Agreement perform(FuseDevice device, MountOptions options) throws IOException {
    try (NativeMemory request =
            NativeMemory.allocate(
                Math.max(REQUEST_BYTES, Readers.requestBytes(options.maxIoBytes())));
        NativeMemory reply = NativeMemory.allocate(Init.REPLY_BYTES);
        GatherList pieces = new GatherList()) {
      int length;
      do {
        length = device.read(request);
      } while (length == -FuseDevice.EINTR);
      if (length < 0) {
        throw new SystemCallException("read of the first request", -length);
      }
      ByteBuffer in = request.buffer();
      Offer offer = Offer.of(in);
      if (Opcode.of(InHeader.opcode(in)) != Opcode.INIT || !isSpoken(offer)) {
        refuse(device, reply, pieces, InHeader.unique(in));
        throw new IOException(
            "the kernel speaks FUSE %d.%d; 7.%d is the oldest that is served"
                .formatted(offer.major(), offer.minor(), Init.OLDEST_MINOR));
      }
      Agreement agreement = Agreement.on(offer, wishes(options), options.maxIoBytes());
      agreement.putReply(reply.buffer(), InHeader.unique(in));
      pieces.add(reply, Init.REPLY_BYTES);
      int sent = device.write(pieces);
      if (sent != 0) {
        throw new SystemCallException("reply to the first request", -sent);
      }
      return agreement;
    }
  }

  private static boolean isSpoken(Offer offer) {
    return offer.major() == Init.MAJOR && offer.minor() >= Init.OLDEST_MINOR;
  }

  private static void refuse(
      FuseDevice device, NativeMemory reply, GatherList pieces, long unique) {
    OutHeader.put(reply.buffer(), OutHeader.BYTES, -Errno.EINVAL.number(), unique);
    pieces.add(reply, OutHeader.BYTES);
    int unused = device.write(pieces);
  }

  private static int wishes(MountOptions options) {
    return (options.has(MountOptions.Feature.POSIX_ACL) ? Init.POSIX_ACL : 0)
        | (options.has(MountOptions.Feature.WRITEBACK_CACHE) ? Init.WRITEBACK_CACHE : 0)
        | (options.has(MountOptions.Feature.ASYNC_DIO) ? Init.ASYNC_DIO : 0);
  }
}
