package io.jfs.cli.command;

import io.jfs.cache.block.BlockKey;
import io.jfs.cache.block.BlockNaming;
import io.jfs.chunk.block.SliceLayout;
import io.jfs.chunk.object.ObjectStore;
import io.jfs.cli.DataStore;
import io.jfs.meta.admin.Finding;
import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.admin.VolumeCheck;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.model.SliceId;
import io.jfs.meta.txn.Engine;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code jfs fsck}: checks that all records of a volume agree and that every block that a slice
 * needs exists. Changes nothing. Wants a volume at rest: what others change meanwhile looks wrong.
 */
final class FsckCommand implements Command {
  private static final Logger log = LoggerFactory.getLogger(FsckCommand.class);

  @Override
  public String name() {
    return "fsck";
  }

  @Override
  public String summary() {
    return "Check a volume that nobody changes.";
  }

  @Override
  public List<String> arguments() {
    return List.of("META-URL");
  }

  @Override
  public String explanation() {
    return """
        Prints one line for each thing that does not add up: DAMAGE (data is lost or in danger),
        WRONG, or HINT (a statistic is off, as after a crash). Exit code 1 if there is any but
        hints.
        """;
  }

  @Override
  public int run(Invocation invocation) throws CommandException {
    try (Engine engine = Engines.open(invocation.arguments().get(0), System.getenv())) {
      Format format = new VolumeAdmin(engine).load();
      long bad = 0;
      for (Finding finding : VolumeCheck.run(engine)) {
        Finding.Severity severity = finding.kind().severity();
        invocation.out().println(severity + " " + finding.kind() + ": " + finding.detail());
        bad += severity == Finding.Severity.HINT ? 0 : 1;
      }
      bad += missingBlocks(engine, format, invocation);
      if (bad > 0) {
        throw new CommandException(bad + " findings");
      }
      return 0;
    } catch (FormatException | IOException e) {
      throw new CommandException(Causes.oneLine(e), e);
    }
  }

  private static long missingBlocks(Engine engine, Format format, Invocation invocation)
      throws IOException, CommandException {
    BlockNaming naming = BlockNaming.of(format.hashPrefix());
    long blocks = 0;
    long missing = 0;
    try (ObjectStore store = DataStore.open(format)) {
      for (SliceId slice : VolumeCheck.references(engine).keySet()) {
        SliceLayout layout = new SliceLayout(slice.id(), slice.size(), format.blockSizeBytes());
        for (BlockKey block : layout.blocks()) {
          blocks++;
          if (store.head(naming.name(block)) == null) {
            invocation.out().println("DAMAGE MISSING_BLOCK: " + naming.name(block));
            missing++;
          }
        }
      }
    }
    log.info("Looked for {} blocks", blocks);
    return missing;
  }
}
