package io.jfs.cli.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Names, numbers, modes and rules of the virtual files and the trash, beside the reference. */
@Tag("mount")
@Timeout(300)
final class InternalFilesComparisonTest {
  /** Says of each command whether it worked, or else with which error. */
  private static final String TRY =
      """
      try() {
        if said=$("$@" 2>&1); then echo "yes: $*"; else echo "no: $*: ${said##*: }"; fi
      }
      """;

  @TempDir Path folder;

  private static String looks(String prefix) {
    return """
        ls -a | LC_ALL=C sort
        for name in .accesslog .config .stats .control .trash; do
          stat -c '%n %a %i %h %u:%g %F' PREFIX$name
        done
        mkdir sub
        stat -c '%n %i' sub/PREFIX.control
        ls -a sub
        cat sub/PREFIX.stats 2>&1 | sed 's/.*: //' || true
        """
        .replace("PREFIX", prefix);
  }

  private static String rules(String prefix) {
    return TRY
        + """
        echo one > f; mkdir d; echo two > d/g; echo three > keep
        ln f second
        rm second f; rm -r d
        hour=$(ls PREFIX.trash | tail -1)
        masked() { sed "s/$hour/HOUR/g"; }
        {
        ls PREFIX.trash/$hour | sed 's/^[0-9]*-[0-9]*-/P-I-/' | LC_ALL=C sort
        file=$(cd PREFIX.trash/$hour; ls | grep -- '-f$')
        dir=$(cd PREFIX.trash/$hour; ls | grep -- '-d$')
        names() { sed "s/$file/FILE/g; s/$dir/DIR/g"; }
        {
        stat -c '%n %a %F' PREFIX.trash PREFIX.trash/$hour
        try touch PREFIX.trash/new
        try mkdir PREFIX.trash/new
        try ln -s x PREFIX.trash/new
        try ln keep PREFIX.trash/new
        try mv keep PREFIX.trash/new
        try touch PREFIX.trash/$hour/new
        try mkdir PREFIX.trash/$hour/new
        try mv keep PREFIX.trash/$hour/new
        try cat PREFIX.trash/$hour/$file
        try bash -c "echo more > PREFIX.trash/$hour/$file"
        try chmod 600 PREFIX.trash/$hour/$file
        try truncate -s 0 PREFIX.trash/$hour/$file
        try mv PREFIX.trash/$hour/$file PREFIX.trash/$hour/other
        try ln PREFIX.trash/$hour/$file linked
        try rmdir PREFIX.trash/$hour
        try rmdir PREFIX.trash
        try mv PREFIX.trash moved
        try rm -r PREFIX.trash/$hour/$dir
        try mv PREFIX.trash/$hour/$file back
        try cat back
        try rm keep
        ls PREFIX.trash/$hour | sed 's/^[0-9]*-[0-9]*-/P-I-/' | LC_ALL=C sort
        try touch PREFIX.stats
        try mkdir PREFIX.config
        try rm PREFIX.stats
        try mv PREFIX.stats x
        try mv back PREFIX.stats
        try ln PREFIX.stats x
        try truncate -s 0 PREFIX.stats
        try chmod 777 PREFIX.stats
        try setfattr -n user.x -v 1 PREFIX.stats
        try getfattr -n user.x PREFIX.stats
        } 2>&1 | names
        } 2>&1 | masked
        """
            .replace("PREFIX", prefix);
  }

  private void sameFor(String prefix, String... options) throws Exception {
    try (LiveMount ours = LiveMount.jfs(folder.resolve("jfs"), options);
        LiveMount theirs = LiveMount.reference(folder.resolve("juicefs"), options)) {
      for (String script : new String[] {looks(prefix), rules(prefix)}) {
        assertThat(ours.sh(script)).isEqualTo(theirs.sh(script));
      }
    }
  }

  /** The reference allows both, and then no longer empties that hour. */
  @Test
  void anHourStaysInTheTrash() throws Exception {
    try (LiveMount jfs = LiveMount.jfs(folder)) {
      String said =
          jfs.sh(
              TRY
                  + """
                  touch f; rm f
                  try chmod 777 .trash
                  try mv .trash/$(ls .trash) moved
                  """);
      assertThat(said.lines()).hasSize(2).allMatch(line -> line.startsWith("no: "));
      assertThat(said.lines()).allMatch(line -> line.endsWith(": Operation not permitted"));
    }
  }

  @Test
  void plainNames() throws Exception {
    sameFor("");
  }

  @Test
  void prefixedNames() throws Exception {
    sameFor(".jfs", "--prefix-internal");
  }

  @Test
  void hiddenNames() throws Exception {
    sameFor("", "--hide-internal");
  }
}
