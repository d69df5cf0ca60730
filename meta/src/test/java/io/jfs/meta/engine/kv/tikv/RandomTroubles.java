package io.jfs.meta.engine.kv.tikv;

import com.google.protobuf.ByteString;
import io.jfs.meta.engine.kv.tikv.proto.EpochNotMatch;
import io.jfs.meta.engine.kv.tikv.proto.NotLeader;
import io.jfs.meta.engine.kv.tikv.proto.RegionError;
import io.jfs.meta.engine.kv.tikv.proto.RegionNotFound;
import io.jfs.meta.engine.kv.tikv.proto.ServerIsBusy;
import io.jfs.meta.engine.kv.tikv.proto.StaleCommand;
import java.util.List;
import java.util.Random;

/**
 * A cluster that does not come to rest: regions split, merge and move while they are used, stores
 * refuse, and connections break before and after requests are carried out. Seeded.
 */
final class RandomTroubles implements Trouble.Maker {
  private static final int MOST_REGIONS = 24;

  private final FakeRegions regions;
  private final Random random;
  private final double rate;

  RandomTroubles(FakeRegions regions, long seed, double rate) {
    this.regions = regions;
    this.random = new Random(seed);
    this.rate = rate;
  }

  @Override
  public synchronized Trouble next(String procedure, List<ByteString> keys) {
    if (random.nextDouble() >= rate) {
      return Trouble.NONE;
    }
    ByteString key = keys.get(random.nextInt(keys.size()));
    switch (random.nextInt(11)) {
      case 0:
      case 1:
        if (regions.count() < MOST_REGIONS) {
          regions.split(key);
        }
        return Trouble.NONE;
      case 2:
        regions.merge(key);
        return Trouble.NONE;
      case 3:
        regions.moveLeader(key);
        return Trouble.NONE;
      case 4:
        return refused(
            RegionError.newBuilder().setServerIsBusy(ServerIsBusy.newBuilder().setReason("test")));
      case 5:
        return refused(RegionError.newBuilder().setStaleCommand(StaleCommand.getDefaultInstance()));
      case 6:
        return refused(RegionError.newBuilder().setNotLeader(NotLeader.getDefaultInstance()));
      case 7:
        return refused(
            RegionError.newBuilder().setEpochNotMatch(EpochNotMatch.getDefaultInstance()));
      case 8:
        return refused(
            RegionError.newBuilder().setRegionNotFound(RegionNotFound.getDefaultInstance()));
      case 9:
        return Trouble.LOST_REQUEST;
      default:
        return Trouble.LOST_ANSWER;
    }
  }

  private static Trouble refused(RegionError.Builder error) {
    return new Trouble.Refused(error.build());
  }
}
