package io.jfs.cli.bench;

import io.jfs.meta.Meta;
import io.jfs.meta.Meta.ChunkSlice;
import io.jfs.meta.model.Caller;
import io.jfs.meta.model.Entry;
import io.jfs.meta.model.FsException;
import io.jfs.meta.model.Ino;
import io.jfs.meta.model.Name;
import io.jfs.meta.model.NewInode;
import io.jfs.meta.model.Slice;
import io.jfs.meta.model.Timestamp;
import java.math.BigInteger;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a tree of directories, and in each of them files of several threads, which walk the tree in
 * different orders: what mdtest of the reference does. Straight on the metadata engine.
 */
public final class MetaTree {
  private static final int DIRECTORY_MODE = 0777;
  private static final int FILE_MODE = 0666;
  private static final long MOST_DIRECTORIES = 10_000_000;
  private static final int MOST_LEVELS = 100;

  private final Meta meta;
  private final Caller caller;
  private final int umask;
  private final Plan plan;
  private final @Nullable OperationLog log;
  private final InstantSource clock;
  private final List<Ino> directories = new ArrayList<>();
  private final List<String> paths = new ArrayList<>();
  private final Latencies directoryLatencies = new Latencies();

  /**
   * The shape of a tree.
   *
   * @param threads that make files
   * @param width subdirectories of each directory
   * @param depth levels below the uppermost
   * @param files of each thread in each directory
   * @param fileBytes length of a file; its slices have no objects
   */
  public record Plan(int threads, int width, int depth, int files, long fileBytes) {
    /**
     * How many directories there will be.
     *
     * @throws IllegalArgumentException if that is too many
     */
    public int directories() {
      if (depth > MOST_LEVELS) {
        throw new IllegalArgumentException("a tree of more than " + MOST_LEVELS + " levels");
      }
      long all = 1;
      long level = 1;
      for (int i = 0; i < depth && level > 0; i++) {
        level *= width;
        all += level;
        if (all > MOST_DIRECTORIES) {
          throw new IllegalArgumentException("a tree of more than 10 million directories");
        }
      }
      return (int) all;
    }

    /** How many files there will be. */
    public long allFiles() {
      return (long) directories() * threads * files;
    }
  }

  /** A tree made by {@code caller}, whose files may be read by whom {@code umask} leaves. */
  public MetaTree(
      Meta meta,
      Caller caller,
      int umask,
      Plan plan,
      @Nullable OperationLog log,
      InstantSource clock) {
    this.meta = meta;
    this.caller = caller;
    this.umask = umask;
    this.plan = plan;
    this.log = log;
    this.clock = clock;
  }

  /** Makes the directories, one after the other, below {@code top}, whose path this is. */
  public Load.Result makeDirectories(Ino top, String path) throws FsException {
    long start = System.nanoTime();
    Ino test = makeDirectory(top, path, "test-dir.0-0");
    makeTree(test, path + "/test-dir.0-0", 0, plan.depth);
    long made = directoryLatencies.count();
    return new Load.Result(made, 0, System.nanoTime() - start, directoryLatencies);
  }

  private void makeTree(Ino parent, String parentPath, int number, int levels) throws FsException {
    String name = "mdtest_tree." + number;
    Ino made = makeDirectory(parent, parentPath, name);
    directories.add(made);
    if (log != null) {
      paths.add(parentPath + "/" + name);
    }
    if (levels > 0) {
      for (int i = 0; i < plan.width; i++) {
        makeTree(made, parentPath + "/" + name, i, levels - 1);
      }
    }
  }

  private Ino makeDirectory(Ino parent, String parentPath, String name) throws FsException {
    long start = System.nanoTime();
    NewInode wanted = NewInode.directory(DIRECTORY_MODE, umask);
    Ino made = meta.create(caller, parent, Name.of(name), wanted).ino();
    long took = System.nanoTime() - start;
    directoryLatencies.add(took);
    if (log != null) {
      log.add("Mkdir (%s/%s, %o): OK".formatted(parentPath, name, DIRECTORY_MODE), took);
    }
    return made;
  }

  /** Makes the files; {@code progress} is told of each. */
  public Load.Result makeFiles(Runnable progress) throws Exception {
    return new Load(plan.threads, System::nanoTime)
        .times(
            plan.allFiles(),
            (worker, number) -> {
              int walker = (int) (number % plan.threads);
              long turn = number / plan.threads;
              int directory = step(walker, (int) (turn / plan.files));
              makeFile(directory, "file.mdtest." + walker + "." + turn % plan.files);
              progress.run();
              return 0;
            });
  }

  /** Each walker visits every directory once, from a place and in steps of its own. */
  private int step(int walker, int visit) {
    int all = directories.size();
    int stride = 2 * walker + 1;
    while (BigInteger.valueOf(stride).gcd(BigInteger.valueOf(all)).intValue() != 1) {
      stride++;
    }
    return (int) ((walker + (long) visit * stride) % all);
  }

  private void makeFile(int directory, String name) throws FsException {
    long start = System.nanoTime();
    NewInode wanted = NewInode.file(FILE_MODE, umask);
    Entry entry = meta.create(caller, directories.get(directory), Name.of(name), wanted);
    if (log != null) {
      String path = paths.get(directory) + "/" + name;
      log.add("Create (%s,%o): OK".formatted(path, FILE_MODE), System.nanoTime() - start);
    }
    write(entry.ino());
  }

  private void write(Ino file) throws FsException {
    int chunk = 0;
    for (long left = plan.fileBytes; left > 0; left -= Slice.CHUNK_BYTES) {
      int length = (int) Math.min(left, Slice.CHUNK_BYTES);
      Slice slice = new Slice(0, meta.newSliceId(), length, 0, length);
      Object unused =
          meta.writeSlices(
              file, List.of(new ChunkSlice(chunk++, slice)), Timestamp.of(clock.instant()));
    }
  }
}
