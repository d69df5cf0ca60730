package io.jfs.vfs.control;

import io.jfs.meta.model.Caller;
import io.jfs.meta.model.FsException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What a client may ask for through {@code .control}. */
interface ControlCommand {
  /** The number that asks for it. */
  int opcode();

  /**
   * Does it. The answer is what it gives to {@code reply}, or else the byte 0.
   *
   * @param payload big-endian, positioned at its first byte
   * @throws FsException answered as its number
   * @throws java.nio.BufferUnderflowException if the payload is too short: EINVAL
   */
  void run(Caller caller, ByteBuffer payload, ControlReply reply) throws FsException, IOException;
}
