package io.jfs.meta.admin;

import io.jfs.meta.model.SliceId;
import io.jfs.meta.txn.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Says what does not add up in a volume's metadata, from its records alone. Changes nothing. On a
 * volume in use it may report what is just being changed: run it again to be sure, or while nobody
 * has it mounted.
 */
public final class VolumeCheck {
  private VolumeCheck() {}

  /** Everything that is wrong; empty if nothing is. */
  public static List<Finding> run(Engine engine) {
    Scans scans = new Scans(engine);
    List<Finding> findings = new ArrayList<>();
    TreeCheck tree = new TreeCheck(scans, findings::add);
    tree.run();
    new ClientCheck(scans, tree, findings::add).run();
    tree.judge();
    new SliceCheck(scans, tree, findings::add).run();
    return findings;
  }

  /**
   * How often each slice is referred to by chunks and by delayed compactions: what its count should
   * say.
   */
  public static Map<SliceId, Long> references(Engine engine) {
    return SliceCheck.references(new Scans(engine));
  }
}
