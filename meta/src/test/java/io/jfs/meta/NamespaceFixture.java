package io.jfs.meta;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.engine.kv.KvEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A fresh volume in memory with one client; checked after each test. */
abstract class NamespaceFixture {
  final TestClock clock = new TestClock();
  final TestClient fs = new TestClient(KvEngine.inMemory(), 1, clock);

  @BeforeEach
  void format() throws Exception {
    new VolumeAdmin(fs.engine).create(VolumeAdmin.defaults("unit"));
  }

  @AfterEach
  void check() {
    assertThat(NamespaceCheck.complaints(fs.engine, fs.effects)).isEmpty();
    fs.engine.close();
  }
}
