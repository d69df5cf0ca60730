package io.jfs.fuse.proto;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.fuse.proto.Attributes.SetAttrIn;
import io.jfs.fuse.proto.Files.CopyRangeIn;
import io.jfs.fuse.proto.Files.FallocateIn;
import io.jfs.fuse.proto.Files.FlushIn;
import io.jfs.fuse.proto.Files.FsyncIn;
import io.jfs.fuse.proto.Files.IoctlIn;
import io.jfs.fuse.proto.Files.LseekIn;
import io.jfs.fuse.proto.Files.OpenIn;
import io.jfs.fuse.proto.Files.ReadIn;
import io.jfs.fuse.proto.Files.ReleaseIn;
import io.jfs.fuse.proto.Files.WriteIn;
import io.jfs.fuse.proto.Init.Offer;
import io.jfs.fuse.proto.Locks.LkIn;
import io.jfs.fuse.proto.Names.CreateIn;
import io.jfs.fuse.proto.Names.LinkIn;
import io.jfs.fuse.proto.Names.MkdirIn;
import io.jfs.fuse.proto.Names.MknodIn;
import io.jfs.fuse.proto.Names.RenameIn;
import io.jfs.fuse.proto.Names.SymlinkIn;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.Timestamp;
import io.jfs.vfs.AttrChange;
import io.jfs.vfs.FileRangeLock;
import io.jfs.vfs.FileRangeLock.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests written field by field as linux/fuse.h lays them out, and what is read from them. */
class RequestLayoutTest {
  private static ByteBuffer request(Opcode opcode, Struct body) {
    return body.asRequest(opcode, 5);
  }

  @Test
  void header() {
    ByteBuffer in = request(Opcode.LOOKUP, new Struct().name("abc"));
    assertThat(InHeader.length(in)).isEqualTo(44);
    assertThat(InHeader.opcode(in)).isEqualTo(1);
    assertThat(InHeader.unique(in)).isEqualTo(0x1234);
    assertThat(InHeader.nodeId(in)).isEqualTo(5);
    assertThat(InHeader.uid(in)).isEqualTo(1000);
    assertThat(InHeader.gid(in)).isEqualTo(100);
    assertThat(InHeader.pid(in)).isEqualTo(77);
    assertThat(Names.name(in)).isEqualTo(Name.of("abc"));
  }

  @Test
  void opcodesAreTheKernels() {
    assertThat(Opcode.of(1)).isEqualTo(Opcode.LOOKUP);
    assertThat(Opcode.of(44)).isEqualTo(Opcode.READDIRPLUS);
    assertThat(Opcode.of(53)).isEqualTo(Opcode.COPY_FILE_RANGE_64);
    for (int unknown : new int[] {-1, 0, 7, 19, 37, 40, 50, 52, 63, 64, 4096}) {
      assertThat(Opcode.of(unknown)).isNull();
    }
  }

  @Test
  void init() {
    Struct body = new Struct().u32(7, 45, 131072, 0x73fffffb, 0x5fd).zeros(44);
    assertThat(body.length()).isEqualTo(64);
    assertThat(Offer.of(request(Opcode.INIT, body)))
        .isEqualTo(new Offer(7, 45, 131072, 0x73fffffb));
  }

  @Test
  void getattr() {
    assertThat(Attributes.getAttrHandle(request(Opcode.GETATTR, new Struct().u32(1, 0).u64(8))))
        .isEqualTo(8);
    assertThat(Attributes.getAttrHandle(request(Opcode.GETATTR, new Struct().u32(0, 0).u64(8))))
        .isEqualTo(-1);
    assertThat(Attributes.accessMask(request(Opcode.ACCESS, new Struct().u32(6, 0)))).isEqualTo(6);
  }

  private static SetAttrIn setattr(int valid) {
    Struct body = new Struct().u32(valid, 0).u64(9, 1L << 40, 3, -7, 8, 9);
    body.u32(1, 2, 3, 0104755, 0, 11, 12, 0);
    assertThat(body.length()).isEqualTo(88);
    return SetAttrIn.of(request(Opcode.SETATTR, body));
  }

  @Test
  void setattrOfEverything() {
    SetAttrIn in = setattr(1 | 2 | 4 | 8 | 16 | 32 | 64 | 1 << 11);
    assertThat(in.handle()).isEqualTo(9);
    assertThat(in.change())
        .isEqualTo(
            new AttrChange(
                04755,
                11,
                12,
                1L << 40,
                new Timestamp(-7, 1),
                new Timestamp(8, 2),
                false,
                false,
                true));
  }

  @Test
  void setattrOfNothingAndNow() {
    assertThat(setattr(0))
        .isEqualTo(
            new SetAttrIn(
                -1, new AttrChange(null, null, null, null, null, null, false, false, false)));
    AttrChange now = setattr(16 | 32 | 1 << 7 | 1 << 8).change();
    assertThat(now)
        .isEqualTo(new AttrChange(null, null, null, null, null, null, true, true, false));
  }

  @Test
  void names() {
    assertThat(MknodIn.of(request(Opcode.MKNOD, new Struct().u32(1, 2, 3, 0).name("n"))))
        .isEqualTo(new MknodIn(1, 2, 3, Name.of("n")));
    assertThat(MkdirIn.of(request(Opcode.MKDIR, new Struct().u32(0755, 022).name("n"))))
        .isEqualTo(new MkdirIn(0755, 022, Name.of("n")));
    assertThat(LinkIn.of(request(Opcode.LINK, new Struct().u64(7).name("new"))))
        .isEqualTo(new LinkIn(7, Name.of("new")));
    assertThat(RenameIn.of(request(Opcode.RENAME, new Struct().u64(7).name("a").name("bc"))))
        .isEqualTo(new RenameIn(7, 0, Name.of("a"), Name.of("bc")));
    assertThat(
            RenameIn.withFlags(
                request(Opcode.RENAME2, new Struct().u64(7).u32(2, 0).name("a").name("bc"))))
        .isEqualTo(new RenameIn(7, 2, Name.of("a"), Name.of("bc")));
    assertThat(
            CreateIn.of(request(Opcode.CREATE, new Struct().u32(0102, 0100644, 022, 1).name("n"))))
        .isEqualTo(new CreateIn(0102, 0100644, 022, Name.of("n")));
    SymlinkIn link =
        SymlinkIn.of(request(Opcode.SYMLINK, new Struct().name("n").name("the/target")));
    assertThat(link.name()).isEqualTo(Name.of("n"));
    assertThat(link.target()).asString().isEqualTo("the/target");
  }

  @Test
  void files() {
    assertThat(OpenIn.of(request(Opcode.OPEN, new Struct().u32(0100001, 1))))
        .isEqualTo(new OpenIn(0100001, 1));
    Struct read = new Struct().u64(1, 2).u32(3, 0).u64(0).u32(0, 0);
    assertThat(read.length()).isEqualTo(40);
    assertThat(ReadIn.of(request(Opcode.READ, read))).isEqualTo(new ReadIn(1, 2, 3));
    Struct write = new Struct().u64(1, 2).u32(3, 4).u64(0).u32(0, 0).text("xyz");
    WriteIn in = WriteIn.of(request(Opcode.WRITE, write));
    assertThat(in).isEqualTo(new WriteIn(1, 2, 3, 4));
    assertThat(in.killSuidgid()).isTrue();
    assertThat(new WriteIn(1, 2, 3, 3).killSuidgid()).isFalse();
    byte[] data = new byte[3];
    request(Opcode.WRITE, write).get(Files.WRITE_DATA_AT, data);
    assertThat(data).asString().isEqualTo("xyz");
    ReleaseIn held = ReleaseIn.of(request(Opcode.RELEASE, new Struct().u64(1).u32(0, 2).u64(9)));
    assertThat(held.flockOwner()).isEqualTo(9);
    assertThat(new ReleaseIn(1, 1, 9).flockOwner()).isZero();
    assertThat(FlushIn.of(request(Opcode.FLUSH, new Struct().u64(1).u32(0, 0).u64(-9))))
        .isEqualTo(new FlushIn(1, -9));
    assertThat(FsyncIn.of(request(Opcode.FSYNC, new Struct().u64(1).u32(1, 0))))
        .isEqualTo(new FsyncIn(1, true));
    assertThat(FallocateIn.of(request(Opcode.FALLOCATE, new Struct().u64(1, 2, 3).u32(4, 0))))
        .isEqualTo(new FallocateIn(1, 2, 3, 4));
    assertThat(LseekIn.of(request(Opcode.LSEEK, new Struct().u64(1, 2).u32(3, 0))))
        .isEqualTo(new LseekIn(1, 2, 3));
    Struct copy = new Struct().u64(1, 2, 3, 4, 5, 6, 7);
    assertThat(copy.length()).isEqualTo(56);
    assertThat(CopyRangeIn.of(request(Opcode.COPY_FILE_RANGE, copy)))
        .isEqualTo(new CopyRangeIn(1, 2, 3, 4, 5, 6, 7));
  }

  @Test
  void ioctl() {
    Struct body = new Struct().u64(1).u32(2, 0x40086602).u64(4).u32(3, 16).text("abc");
    IoctlIn in = IoctlIn.of(request(Opcode.IOCTL, body));
    assertThat(in.command()).isEqualTo(0x40086602);
    assertThat(in.handle()).isEqualTo(1);
    assertThat(in.arg()).isEqualTo(4);
    assertThat(in.outBytes()).isEqualTo(16);
    assertThat(in.data()).asString().isEqualTo("abc");
  }

  @Test
  void locks() {
    Struct body = new Struct().u64(1, 2, 3, 4).u32(0, 5, 1, 0);
    assertThat(body.length()).isEqualTo(48);
    assertThat(LkIn.of(request(Opcode.SETLK, body)))
        .isEqualTo(new LkIn(1, 2, new FileRangeLock(Type.READ, 3, 4, 5), true));
    Struct unlock = new Struct().u64(1, 2, 3, 4).u32(2, 5, 0, 0);
    assertThat(LkIn.of(request(Opcode.SETLKW, unlock)))
        .isEqualTo(new LkIn(1, 2, new FileRangeLock(Type.UNLOCK, 3, 4, 5), false));
  }

  @Test
  void xattrs() {
    Struct plain = new Struct().u32(3, 1).name("user.a").text("abc");
    Xattrs.SetIn in = Xattrs.SetIn.of(request(Opcode.SETXATTR, plain), false);
    assertThat(in.name()).asString().isEqualTo("user.a");
    assertThat(in.value()).asString().isEqualTo("abc");
    assertThat(in.flags()).isEqualTo(1);
    assertThat(in.killSgid()).isFalse();
    Struct extended = new Struct().u32(3, 2, 1, 0).name("system.posix_acl_access").text("abc");
    Xattrs.SetIn acl = Xattrs.SetIn.of(request(Opcode.SETXATTR, extended), true);
    assertThat(acl.name()).asString().isEqualTo("system.posix_acl_access");
    assertThat(acl.value()).asString().isEqualTo("abc");
    assertThat(acl.killSgid()).isTrue();
    ByteBuffer get = request(Opcode.GETXATTR, new Struct().u32(255, 0).name("user.a"));
    assertThat(Xattrs.capacityBytes(get)).isEqualTo(255);
    assertThat(Xattrs.getName(get)).asString().isEqualTo("user.a");
  }

  @Test
  void forgetsAndInterrupts() {
    List<String> forgotten = new ArrayList<>();
    Forgets.Sink sink = (ino, lookups) -> forgotten.add(ino + ":" + lookups);
    Forgets.single(request(Opcode.FORGET, new Struct().u64(3)), sink);
    Forgets.batch(request(Opcode.BATCH_FORGET, new Struct().u32(2, 0).u64(6, 1, 7, 2)), sink);
    Forgets.batch(request(Opcode.BATCH_FORGET, new Struct().u32(0, 0)), sink);
    assertThat(forgotten).containsExactly("5:3", "6:1", "7:2");
    assertThat(Forgets.interruptTarget(request(Opcode.INTERRUPT, new Struct().u64(0x1234))))
        .isEqualTo(0x1234);
  }
}
