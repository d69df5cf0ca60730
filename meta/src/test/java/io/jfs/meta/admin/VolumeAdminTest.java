package io.jfs.meta.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jfs.meta.engine.kv.KvEngine;
import io.jfs.meta.model.Attr;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.FormatJson;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Timestamp;
import io.jfs.meta.record.Records;
import io.jfs.meta.record.Records.Sequence;
import io.jfs.meta.record.Records.Volume;
import io.jfs.meta.txn.Engine;
import io.jfs.meta.txn.Ref;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VolumeAdminTest {
  private final Engine engine = KvEngine.inMemory();
  private final Instant now = Instant.parse("2026-11-21T20:12:11.5Z");
  private final VolumeAdmin admin = new VolumeAdmin(engine, () -> now, new Random(1));

  @AfterEach
  void close() {
    engine.close();
  }

  private Attr attr(Ino ino) {
    Ref ref = new Ref.OfCell<>(Records.ATTR, ino);
    return (Attr) engine.fetch(List.of(ref)).get(ref).value();
  }

  @Test
  void formatMakesTheRootAndTheTrash() throws Exception {
    admin.create(VolumeAdmin.defaults("vol"));
    Attr root = attr(Ino.ROOT);
    assertThat(root.mode()).isEqualTo(0777);
    assertThat(root.nlink()).isEqualTo(2);
    assertThat(root.parent()).isEqualTo(Ino.ROOT);
    assertThat(root.mtime()).isEqualTo(new Timestamp(now.getEpochSecond(), 0));
    assertThat(attr(Ino.TRASH_ROOT).mode()).isEqualTo(0555);
    assertThat(engine.allocate(Sequence.INODE, 1)).isEqualTo(2);
    assertThat(engine.allocate(Sequence.SLICE, 1)).isEqualTo(1);
    assertThat(VolumeCheck.run(engine)).isEmpty();
    assertThatThrownBy(() -> admin.create(VolumeAdmin.defaults("vol")))
        .isInstanceOf(FormatException.class);
  }

  @Test
  void trashRootComesWithTheFirstTrashDays() throws Exception {
    admin.create(VolumeAdmin.defaults("vol").set("TrashDays", 0L));
    assertThat(attr(Ino.TRASH_ROOT)).isNull();
    admin.update(format -> format.set("TrashDays", 3L), VolumeAdmin.Checks.STRICT);
    assertThat(attr(Ino.TRASH_ROOT)).isNotNull();
  }

  @Test
  void settingIsStoredAsTheReferenceStoresIt() throws Exception {
    Format format = VolumeAdmin.defaults("vnone").with("UUID", "u-u");
    admin.create(format);
    assertThat(new String(FormatJson.toBytes(admin.find()), StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {
            "Name": "vnone",
            "UUID": "u-u",
            "Storage": "file",
            "Tiers": {
            "0": {
            "ID": 0,
            "StorageClass": "",
            "Tag": ""
            }
            },
            "Bucket": "",
            "BlockSize": 4096,
            "Compression": "none",
            "EncryptAlgo": "aes256gcm-rsa",
            "TrashDays": 1,
            "MetaVersion": 1,
            "MinClientVersion": "1.1.0-A",
            "DirStats": true,
            "EnableACL": false
            }""");
  }

  @Test
  void secretsAreStoredSealedAndLoadedClear() throws Exception {
    admin.create(VolumeAdmin.defaults("vol").set("SecretKey", "s3cret"));
    assertThat(admin.find().text("SecretKey")).isNotEqualTo("s3cret").isNotEmpty();
    assertThat(admin.load().text("SecretKey")).isEqualTo("s3cret");
    admin.update(format -> format.set("Capacity", 1L << 30), VolumeAdmin.Checks.STRICT);
    assertThat(admin.load().text("SecretKey")).isEqualTo("s3cret");
  }

  @Test
  void fixedMembersStayAndSoDoesTheUuid() throws Exception {
    admin.create(VolumeAdmin.defaults("vol"));
    String uuid = admin.load().uuid();
    assertThatThrownBy(
            () ->
                admin.update(format -> format.with("BlockSize", 1024L), VolumeAdmin.Checks.STRICT))
        .hasMessage("cannot update block size from 4096 to 1024");
    admin.update(format -> format.with("UUID", "other"), VolumeAdmin.Checks.STRICT);
    assertThat(admin.load().uuid()).isEqualTo(uuid);
    admin.update(format -> format.with("BlockSize", 1024L), VolumeAdmin.Checks.FORCED);
    assertThat(admin.load().blockSizeBytes()).isEqualTo(1 << 20);
  }

  @Test
  void aclCannotBeSwitchedOff() throws Exception {
    admin.create(VolumeAdmin.defaults("vol").set("EnableACL", true));
    assertThat(admin.load().text("MinClientVersion")).isEqualTo("1.2.0-A");
    assertThatThrownBy(
            () -> admin.update(format -> format.set("EnableACL", false), VolumeAdmin.Checks.STRICT))
        .hasMessage("cannot disable acl");
  }

  @Test
  void whatIsNotFormattedSaysSo() {
    assertThatThrownBy(admin::load).hasMessage(VolumeAdmin.NOT_FORMATTED);
    assertThatThrownBy(() -> admin.destroy("x")).hasMessage(VolumeAdmin.NOT_FORMATTED);
  }

  @Test
  void destroyNeedsTheUuid() throws Exception {
    admin.create(VolumeAdmin.defaults("vol"));
    assertThatThrownBy(() -> admin.destroy("x")).hasMessageContaining("UUID x != ");
    admin.destroy(admin.load().uuid());
    assertThat(admin.find()).isNull();
    assertThat(engine.fetch(List.of(new Ref.OfCell<>(Records.SETTING, Volume.KEY))).values())
        .allSatisfy(seen -> assertThat(seen.value()).isNull());
  }

  @Test
  void newerVolumesAreRefused() throws Exception {
    admin.create(VolumeAdmin.defaults("vol"));
    admin.update(format -> format.with("MinClientVersion", "9.0.0"), VolumeAdmin.Checks.STRICT);
    assertThatThrownBy(admin::load).hasMessageContaining("allowed minimum version: 9.0.0");
  }
}
