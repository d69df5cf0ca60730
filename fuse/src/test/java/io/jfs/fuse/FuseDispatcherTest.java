package io.jfs.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.fuse.device.FuseDevice;
import io.jfs.fuse.device.GatherList;
import io.jfs.fuse.device.NativeMemory;
import io.jfs.fuse.proto.Init;
import io.jfs.fuse.proto.Opcode;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Errno;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.vfs.ReadData;
import io.jfs.vfs.Request;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One reply to every request, whatever happens; taken back what the caller did not take. */
class FuseDispatcherTest {
  /** A kernel that keeps what it is told. */
  private static final class FakeDevice implements FuseDevice {
    final List<byte[]> replies = new ArrayList<>();
    int answer;

    @Override
    public int read(NativeMemory into) {
      return -ENODEV;
    }

    @Override
    public int write(GatherList message) {
      replies.add(message.toByteArray());
      return answer;
    }

    @Override
    public FuseDevice openClone() {
      return this;
    }

    @Override
    public void close() {}

    int error() {
      return last().getInt(4);
    }

    ByteBuffer last() {
      return ByteBuffer.wrap(replies.get(replies.size() - 1)).order(ByteOrder.nativeOrder());
    }
  }

  /** Fails as it is told, and counts what is given back. */
  private static final class FailingVfs extends MemoryVfs {
    @Nullable Exception failure;
    final List<ReadData> lent = new ArrayList<>();
    int closed;

    @Override
    public Attr getAttr(Request request, Ino ino, long handle) throws FsException, IOException {
      if (failure instanceof FsException refusal) {
        throw refusal;
      }
      if (failure instanceof IOException outage) {
        throw outage;
      }
      if (failure instanceof RuntimeException defect) {
        throw defect;
      }
      if (failure != null) {
        throw new StackOverflowError();
      }
      return super.getAttr(request, ino, handle);
    }

    @Override
    public ReadData read(Request request, Ino ino, long handle, long offset, int sizeBytes)
        throws FsException, IOException {
      ReadData data = super.read(request, ino, handle, offset, Integer.MAX_VALUE);
      ReadData counted =
          new ReadData() {
            @Override
            public List<ByteBuffer> buffers() {
              return data.buffers();
            }

            @Override
            public int lengthBytes() {
              return data.lengthBytes();
            }

            @Override
            public void close() {
              closed++;
            }
          };
      lent.add(counted);
      return counted;
    }
  }

  private final FakeDevice device = new FakeDevice();
  private final FailingVfs vfs = new FailingVfs();
  private final List<String> heard = new ArrayList<>();
  private final Reply reply = new Reply();
  private @Nullable Operation running;
  private final FuseDispatcher dispatcher =
      new FuseDispatcher(
          vfs,
          op -> heard.add(op.name() + " " + op.errno() + " " + op.transferredBytes()),
          new Init.Agreement(45, 0, -1, 1 << 20),
          op -> op.caller().uid() != 666,
          unique -> running != null && running.unique() == unique ? running : null,
          op -> {});

  @AfterEach
  void freeMemory() {
    reply.close();
  }

  private Operation operation(Opcode opcode, long ino, int uid, byte[] body) {
    ByteBuffer in = ByteBuffer.allocateDirect(4096).order(ByteOrder.nativeOrder());
    in.putInt(0, 40 + body.length).putInt(4, opcode.number()).putLong(8, 0x1234).putLong(16, ino);
    in.put(40, body);
    return new Operation(
        opcode, in, device, reply, new Caller(uid, 0, 1, () -> new int[0]), System.nanoTime());
  }

  private void dispatch(Opcode opcode, long ino, byte[] body) {
    dispatcher.dispatch(operation(opcode, ino, 0, body));
  }

  private static byte[] name(String name) {
    return (name + "\0").getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] words(long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 8).order(ByteOrder.nativeOrder());
    for (long v : values) {
      bytes.putLong(v);
    }
    return bytes.array();
  }

  private void failWith(@Nullable Exception failure) {
    vfs.failure = failure;
    dispatch(Opcode.GETATTR, 1, new byte[16]);
  }

  @Test
  void everyFailureIsAnErrno() {
    failWith(Errno.ESTALE.exception());
    assertThat(device.error()).isEqualTo(-116);
    assertThat(device.last().remaining()).isEqualTo(16);
    assertThat(device.last().getLong(8)).isEqualTo(0x1234);
    failWith(new IOException("the store is away"));
    assertThat(device.error()).isEqualTo(-5);
    failWith(new IllegalStateException("a defect"));
    assertThat(device.error()).isEqualTo(-5);
    failWith(new Exception("an Error"));
    assertThat(device.error()).isEqualTo(-5);
    failWith(null);
    assertThat(device.error()).isZero();
    assertThat(device.last().remaining()).isEqualTo(16 + 104);
    assertThat(heard).hasSize(5).startsWith("getattr 116 0", "getattr 5 0");
  }

  @Test
  void operationsThatAreNotServedAreNotImplemented() {
    dispatch(Opcode.INIT, 0, new byte[64]);
    assertThat(device.error()).isEqualTo(-38);
  }

  @Test
  void someCallersAreNotAdmitted() {
    dispatcher.dispatch(operation(Opcode.GETATTR, 1, 666, new byte[16]));
    assertThat(device.error()).isEqualTo(-13);
  }

  @Test
  void aMalformedRequestIsAnswered() {
    dispatch(Opcode.RENAME2, 1, words(-1, -1));
    assertThat(device.error()).isNotZero();
  }

  @Test
  void forgetHasNoReply() throws Exception {
    vfs.mkdir(Request.of(Caller.ROOT), Ino.ROOT, Name.of("d"), 0755, 0);
    dispatch(Opcode.FORGET, 2, words(1));
    dispatch(Opcode.BATCH_FORGET, 0, words(1, 99, 1));
    assertThat(device.replies).isEmpty();
    assertThat(vfs.outstandingLookups()).isZero();
    assertThat(heard).isEmpty();
  }

  @Test
  void interruptsWhatRunsAndPutsOffTheRest() {
    running = operation(Opcode.READ, 1, 0, new byte[40]);
    dispatch(Opcode.INTERRUPT, 0, words(0x1234));
    assertThat(running.request().cancellation().isCancelled()).isTrue();
    assertThat(device.replies).isEmpty();
    dispatch(Opcode.INTERRUPT, 0, words(0x9998));
    assertThat(device.error()).isEqualTo(-11);
  }

  @Test
  void neverInterruptsAFlush() {
    running = operation(Opcode.FLUSH, 1, 0, new byte[24]);
    dispatch(Opcode.INTERRUPT, 0, words(0x1234));
    assertThat(running.request().cancellation().isCancelled()).isFalse();
  }

  @Test
  void takesBackWhatTheCallerDidNotTake() {
    device.answer = -FuseDevice.ENOENT;
    ByteBuffer create = ByteBuffer.allocate(18).order(ByteOrder.nativeOrder());
    create.putInt(0, 2).putInt(4, 0100644).put(16, (byte) 'f');
    dispatch(Opcode.CREATE, 1, create.array());
    assertThat(vfs.outstandingLookups()).isZero();
    dispatch(Opcode.LOOKUP, 1, name("f"));
    dispatch(Opcode.OPEN, 2, new byte[8]);
    dispatch(Opcode.OPENDIR, 1, new byte[8]);
    assertThat(device.error()).isZero();
    assertThat(vfs.outstandingLookups()).isZero();
    assertThat(vfs.openHandles()).isZero();
  }

  @Test
  void takesBackAListing() throws Exception {
    Request root = Request.of(Caller.ROOT);
    for (int i = 0; i < 20; i++) {
      vfs.forget(vfs.mkdir(root, Ino.ROOT, Name.of("d" + i), 0755, 0).ino(), 1);
    }
    long handle = vfs.opendir(root, Ino.ROOT, 0).handle();
    byte[] readdir = words(handle, 0, 4096, 0, 0);
    dispatch(Opcode.READDIRPLUS, 1, readdir);
    assertThat(vfs.outstandingLookups()).isEqualTo(20);
    device.answer = -FuseDevice.ENOENT;
    dispatch(Opcode.READDIRPLUS, 1, readdir);
    assertThat(vfs.outstandingLookups()).isEqualTo(20);
  }

  @Test
  void givesLentBytesBack() throws Exception {
    Request root = Request.of(Caller.ROOT);
    long handle = vfs.create(root, Ino.ROOT, Name.of("f"), 0644, 0, 2).opened().handle();
    vfs.write(root, new Ino(2), handle, 0, ByteBuffer.wrap(new byte[1000]), false);
    dispatch(Opcode.READ, 2, words(handle, 0, 1000, 0, 0));
    assertThat(device.error()).isZero();
    assertThat(device.last().remaining()).isEqualTo(1016);
    assertThat(heard).containsExactly("read 0 1000");
    dispatch(Opcode.READ, 2, words(handle, 0, 10, 0, 0));
    assertThat(device.error()).as("more than was asked for").isEqualTo(-5);
    device.answer = -FuseDevice.ENOENT;
    dispatch(Opcode.READ, 2, words(handle, 0, 1000, 0, 0));
    assertThat(vfs.closed).isEqualTo(3).isEqualTo(vfs.lent.size());
  }

  @Test
  void repliesWithManyPiecesAndHeapPieces() throws Exception {
    List<ByteBuffer> pieces = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      pieces.add(ByteBuffer.allocateDirect(3).put(1, (byte) i).position(1));
    }
    assertThat(sent(pieces)).hasSize(16 + 6000).endsWith((byte) 2999, (byte) 0);
    assertThat(sent(List.of(ByteBuffer.wrap(new byte[] {1, 2, 3}, 1, 2))))
        .hasSize(18)
        .endsWith(2, 3);
    assertThat(sent(List.of())).hasSize(16);
  }

  private byte[] sent(List<ByteBuffer> pieces) {
    int length = pieces.stream().mapToInt(ByteBuffer::remaining).sum();
    ReadData data =
        new ReadData() {
          @Override
          public List<ByteBuffer> buffers() {
            return pieces;
          }

          @Override
          public int lengthBytes() {
            return length;
          }

          @Override
          public void close() {}
        };
    assertThat(reply.send(device, 2, data)).isZero();
    assertThat(device.last().getInt(0)).isEqualTo(16 + length);
    return device.last().array();
  }
}
