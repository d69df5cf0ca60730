package io.jfs.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.jfs.cli.control.ControlAnswers;
import org.junit.jupiter.api.Test;

/** Answers of the reference and what it prints of them. */
final class InfoTextTest {
  @Test
  void aFileWithLinksAndLocks() {
    String json =
        """
        {"Ino":7,"Failed":false,"Reason":"","Summary":{"Length":5242884,"Size":5246976,"Files":1,\
        "Dirs":0},"Paths":["/d/f2","/d/hard"],"Chunks":null,"Objects":[\
        {"ChunkIndex":0,"Key":"vol/chunks/0/0/3_0_4194304","Size":4194304,"Off":0,"Len":4194304},\
        {"ChunkIndex":0,"Key":"","Size":0,"Off":0,"Len":9},\
        {"ChunkIndex":1,"Key":"vol/chunks/0/0/4_0_4","Size":4,"Off":0,"Len":4}],\
        "PLocks":[{"Sid":1,"Owner":7260906435455314889,"Type":1,"Pid":18142,"Start":1,"End":3}],\
        "FLocks":[{"Sid":1,"Owner":1543458074217142515,"Type":"R"}],\
        "Tier":{"ID":0,"StorageClass":"actual()","Tag":""},"RestoreStatus":""}""";
    assertThat(InfoText.of("d/f2", ControlAnswers.fields(json), false))
        .isEqualTo(
            """
            d/f2 :
              inode: 7
              files: 1
               dirs: 0
             length: 5.00 MiB (5242884 Bytes)
               size: 5.00 MiB (5246976 Bytes)
              paths:
            \t/d/f2
            \t/d/hard
               tier: 0->actual()\s
             objects:
            +------------+----------------------------+---------+--------+---------+---------+
            | chunkIndex |         objectName         |   size  | offset |  length |   pos   |
            +------------+----------------------------+---------+--------+---------+---------+
            |          0 | vol/chunks/0/0/3_0_4194304 | 4194304 |      0 | 4194304 |       0 |
            |          0 |                            |       0 |      0 |       9 | 4194304 |
            |          1 |       vol/chunks/0/0/4_0_4 |       4 |      0 |       4 |       0 |
            +------------+----------------------------+---------+--------+---------+---------+
             flocks:
            +-----+---------------------+------+
            | Sid |        Owner        | Type |
            +-----+---------------------+------+
            | 1   | 1543458074217142515 |    R |
            +-----+---------------------+------+
             plocks:
            +-----+---------------------+------+-------+-------+-----+
            | Sid |        Owner        | Type |  Pid  | Start | End |
            +-----+---------------------+------+-------+-------+-----+
            | 1   | 7260906435455314889 |    W | 18142 |     1 |   3 |
            +-----+---------------------+------+-------+-------+-----+
            """);
  }
}
