package io.jfs.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.nio.charset.Charset;

/** The arrows between the modules, and who may call what. docs/ARCHITECTURE.md says why. */
@AnalyzeClasses(packages = "io.jfs", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule MODULES =
      Architectures.layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("cli")
          .definedBy("io.jfs.cli..")
          .layer("fuse")
          .definedBy("io.jfs.fuse..")
          .layer("vfs")
          .definedBy("io.jfs.vfs..")
          .layer("meta")
          .definedBy("io.jfs.meta..")
          .layer("chunk")
          .definedBy("io.jfs.chunk..")
          .layer("cache")
          .definedBy("io.jfs.cache..")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("fuse")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("vfs")
          .mayOnlyBeAccessedByLayers("cli", "fuse")
          .whereLayer("meta")
          .mayOnlyBeAccessedByLayers("cli", "fuse", "vfs")
          .whereLayer("chunk")
          .mayOnlyBeAccessedByLayers("cli", "vfs")
          .whereLayer("cache")
          .mayOnlyBeAccessedByLayers("cli", "vfs", "chunk");

  /** fuse speaks the model's words (Attr, Ino, Errno), but no transaction and no engine. */
  @ArchTest
  static final ArchRule FUSE_KNOWS_THE_MODEL_ONLY =
      noClasses()
          .that()
          .resideInAPackage("io.jfs.fuse..")
          .should()
          .dependOnClassesThat(
              are(
                  resideInAPackage("io.jfs.meta..")
                      .and(
                          com.tngtech.archunit.base.DescribedPredicate.not(
                              resideInAPackage("io.jfs.meta.model..")))));

  @ArchTest
  static final ArchRule NO_CYCLES_BETWEEN_MODULES =
      SlicesRuleDefinition.slices().matching("io.jfs.(*)..").should().beFreeOfCycles();

  @ArchTest static final ArchRule LETTUCE = onlyIn("io.jfs.meta.engine.redis..", "io.lettuce..");

  @ArchTest static final ArchRule JETCD = onlyIn("io.jfs.meta.engine.kv.etcd..", "io.etcd..");

  /** Two engines speak gRPC, each in its own words. */
  @ArchTest
  static final ArchRule GRPC =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.jfs.meta.engine.kv.etcd..", "io.jfs.meta.engine.kv.tikv..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.grpc..", "com.google.protobuf..", "io.jfs.meta.engine.kv.tikv.proto.."));

  @ArchTest static final ArchRule LMDB = onlyIn("io.jfs.meta.engine.kv.lmdb..", "org.lmdbjava..");

  @ArchTest
  static final ArchRule MINIO = onlyIn("io.jfs.chunk.object.s3..", "io.minio..", "okhttp3..");

  @ArchTest
  static final ArchRule CEPH = onlyIn("io.jfs.chunk.object.ceph..", "com.ceph..", "com.sun.jna..");

  /** The kernel's door, and LMDB, whose binding speaks jnr. */
  @ArchTest
  static final ArchRule JNR =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.jfs.fuse..", "io.jfs.meta.engine.kv.lmdb..")
          .should()
          .dependOnClassesThat(resideInAnyPackage("com.kenai.jffi..", "jnr.."));

  @ArchTest static final ArchRule JNR_FUSE = onlyIn("io.jfs.fuse.jnr..", "ru.serce..");

  @ArchTest static final ArchRule PICOCLI = onlyIn("io.jfs.cli..", "picocli..");

  /** Settings are parsed in the model; answers of the command channel are streamed, not built. */
  @ArchTest
  static final ArchRule JACKSON =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.jfs.meta.model..", "io.jfs.meta.dump..", "io.jfs.vfs.control..")
          .should()
          .dependOnClassesThat(resideInAnyPackage("com.fasterxml.jackson.."));

  /**
   * Semantics own no clock, no random, no I/O and no threads: so retry is free and traces replay.
   */
  @ArchTest
  static final ArchRule OPERATIONS_ARE_FUNCTIONS =
      noClasses()
          .that()
          .resideInAPackage("io.jfs.meta.ops..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "java.nio.file..", "java.net..", "java.util.random..", "java.lang.management.."))
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(java.util.Random.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(java.util.concurrent.ExecutorService.class);

  @ArchTest
  static final ArchRule CLOCKS_ARE_INJECTED =
      noClasses().should().callMethod(System.class, "currentTimeMillis");

  @ArchTest
  static final ArchRule NO_DEFAULT_CHARSET =
      noClasses()
          .should()
          .callMethod(String.class, "getBytes")
          .orShould()
          .callConstructor(String.class, byte[].class)
          .orShould()
          .callMethod(Charset.class, "defaultCharset")
          .orShould()
          .callConstructor(java.io.FileReader.class, String.class)
          .orShould()
          .callConstructor(java.io.FileWriter.class, String.class);

  private static ArchRule onlyIn(String home, String... libraries) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(home)
        .should()
        .dependOnClassesThat(resideInAnyPackage(libraries))
        .as(String.join(", ", libraries) + " only in " + home);
  }
}
