package io.jfs.cli;

import io.jfs.cache.block.BlockCache;
import io.jfs.cache.block.BlockNaming;
import io.jfs.cache.page.MemoryBudget;
import io.jfs.cache.page.PagePool;
import io.jfs.chunk.object.ObjectStore;
import io.jfs.chunk.slice.ChunkConfig;
import io.jfs.chunk.slice.DefaultSliceStore;
import io.jfs.chunk.slice.SliceMetrics;
import io.jfs.chunk.slice.SliceStore;
import io.jfs.cli.command.CommandException;
import io.jfs.meta.MetaConfig;
import io.jfs.meta.VolumeMeta;
import io.jfs.meta.admin.VolumeAdmin;
import io.jfs.meta.engine.Engines;
import io.jfs.meta.model.Format;
import io.jfs.meta.model.FormatException;
import io.jfs.meta.session.SessionFacts;
import io.jfs.meta.txn.Engine;
import java.time.Clock;

/**
 * A client of a volume without a mount and without background jobs, for commands that work on
 * metadata and objects together: the parts of {@link Volume} that such a command needs.
 */
public final class VolumeTool implements AutoCloseable {
  private static final long BUFFER_BYTES = 64L << 20;

  private final Engine engine;
  private final ObjectStore objects;
  private final DefaultSliceStore slices;
  private final VolumeMeta meta;
  private final Interruption.Leftover session;

  /** Whether a tool changes anything. */
  public enum Access {
    /** It only looks, and leaves no session. */
    LOOK,
    /** It is a client like a mount, with a session. */
    CHANGE
  }

  /**
   * Opens the volume of a metadata URL.
   *
   * @param name stands in the session's record for the mount point
   * @throws CommandException if it cannot, with the reason in one line
   */
  public static VolumeTool open(String url, String name, Access access, int threads)
      throws CommandException {
    Engine engine = Engines.open(url, System.getenv());
    try {
      return new VolumeTool(engine, name, access, threads);
    } catch (FormatException e) {
      engine.close();
      throw new CommandException(String.valueOf(e.getMessage()), e);
    } catch (CommandException | RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  private VolumeTool(Engine engine, String name, Access access, int threads)
      throws FormatException, CommandException {
    this.engine = engine;
    Format format = new VolumeAdmin(engine).load();
    this.objects = DataStore.open(format);
    ChunkConfig config =
        ChunkConfig.defaults()
            .withVolume(
                format.blockSizeBytes(), BlockNaming.of(format.hashPrefix()), format.compression())
            .withPrefetchWorkers(0);
    this.slices =
        new DefaultSliceStore(
            objects,
            BlockCache.NONE,
            new PagePool(new MemoryBudget(BUFFER_BYTES)),
            config,
            new SliceMetrics());
    Interruption.awaitsSession();
    this.meta =
        VolumeMeta.open(
            engine,
            MetaConfig.DEFAULT
                .withReadOnly(access == Access.LOOK)
                .withBackgroundJobs(false)
                .withMaxDeletes(threads),
            SessionFacts.ofThisProcess(name, Clock.systemUTC().instant()),
            slice -> slices.remove(slice.id(), slice.size()));
    this.session = Interruption.endsSessionOf(meta);
  }

  /** The volume's metadata, as records. */
  public Engine engine() {
    return engine;
  }

  /** The volume's objects. */
  public ObjectStore objects() {
    return objects;
  }

  /** The volume's slices. */
  public SliceStore slices() {
    return slices;
  }

  /** The volume's files. */
  public VolumeMeta meta() {
    return meta;
  }

  @Override
  public void close() {
    session.forget();
    meta.close();
    slices.close();
  }
}
