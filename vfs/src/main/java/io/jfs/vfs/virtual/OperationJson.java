package io.jfs.vfs.virtual;

import io.jfs.meta.model.Caller;
import io.jfs.meta.model.JsonText;
import io.jfs.vfs.stats.Waits;
import io.jfs.vfs.virtual.LogLine.Target;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Operations as JSON, one object per line:
 *
 * <pre>
 * {"time":"2026-11-21T20:13:49.182905","uid":0,"gid":0,"pid":28156,"op":"mkdir",
 *  "line":"mkdir (1,dd,?rwxrwxrwx:00777): (2,[...])","paths":["/dd"],"status":"OK",
 *  "seconds":0.000653,"waits":{"queue":0.000009,"metadata":0.000602,"object":0,"cache":0,"lock":0}}
 * </pre>
 */
final class OperationJson {
  private final PathNames paths;

  OperationJson(PathNames paths) {
    this.paths = paths;
  }

  /** An operation that has ended, with a line feed. */
  byte[] line(EndedOperation operation) {
    paths.learn(operation);
    Map<String, @Nullable Object> members =
        members(operation.time(), operation.caller(), operation.operation(), operation.line());
    members.put("status", operation.status());
    members.put("seconds", seconds(operation.durationNanos()));
    if (operation.waitNanos().length > 0) {
      Map<String, Object> waits = new LinkedHashMap<>();
      int at = 0;
      for (Waits.Kind kind : Waits.Kind.values()) {
        waits.put(kind.text(), seconds(operation.waitNanos()[at++]));
      }
      members.put("waits", waits);
    }
    return bytes(members);
  }

  /** An operation under way, with a line feed. */
  byte[] line(LocalDateTime now, RunningOperation.Task task, Waits.@Nullable Kind waitsFor) {
    LogLine line = task.line();
    Map<String, @Nullable Object> members =
        members(now, task.request().caller(), task.operation(), line);
    members.put("seconds", seconds(task.nanosSinceArrival()));
    members.put("waits_for", waitsFor == null ? "" : waitsFor.text());
    return bytes(members);
  }

  private Map<String, @Nullable Object> members(
      LocalDateTime time, Caller caller, Operation operation, LogLine line) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("time", time.truncatedTo(ChronoUnit.MICROS).toString());
    members.put("uid", Integer.toUnsignedLong(caller.uid()));
    members.put("gid", Integer.toUnsignedLong(caller.gid()));
    members.put("pid", caller.pid());
    members.put("op", operation.text());
    members.put("line", line.toString());
    List<String> shown = new ArrayList<>();
    for (Target target : line.targets()) {
      String path = paths.of(target);
      shown.add(path == null ? "inode:" + target.ino() : path);
    }
    members.put("paths", shown);
    return members;
  }

  private static Object seconds(long nanos) {
    return nanos == 0 ? (Object) 0 : BigDecimal.valueOf(nanos / 1000, 6);
  }

  private static byte[] bytes(Map<String, @Nullable Object> members) {
    return (JsonText.compact(members) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
