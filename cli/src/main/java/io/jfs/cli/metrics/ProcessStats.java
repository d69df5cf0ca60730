package io.jfs.cli.metrics;

import static io.jfs.vfs.stats.Metric.counter;
import static io.jfs.vfs.stats.Metric.gauge;

import io.jfs.vfs.stats.Metric;
import io.jfs.vfs.stats.StatsSource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** This process as the kernel sees it: proc(5). What /proc does not tell is 0. */
public final class ProcessStats implements StatsSource {
  private static final Metric CPU = gauge("cpu_usage", "CPU time used, in seconds.");
  private static final Metric MEMORY = gauge("memory", "Memory in RAM, in bytes.");
  private static final Metric UPTIME = gauge("uptime", "Seconds since the process started.");
  private static final Metric CPU_SECONDS =
      counter("process_cpu_seconds_total", "CPU time used, in seconds.");
  private static final Metric MAX_FDS =
      gauge("process_max_fds", "How many file descriptors may be open.");
  private static final Metric OPEN_FDS =
      gauge("process_open_fds", "How many file descriptors are open.");
  private static final Metric RESIDENT =
      gauge("process_resident_memory_bytes", "Memory in RAM, in bytes.");
  private static final Metric STARTED =
      gauge("process_start_time_seconds", "When the process started, in seconds since 1970.");
  private static final Metric VIRTUAL =
      gauge("process_virtual_memory_bytes", "Address space, in bytes.");
  private static final Metric MAX_VIRTUAL =
      gauge("process_virtual_memory_max_bytes", "How big the address space may be, in bytes.");
  private static final Metric RECEIVED =
      counter("process_network_receive_bytes_total", "Bytes that came over the network.");
  private static final Metric SENT =
      counter("process_network_transmit_bytes_total", "Bytes that went over the network.");
  private static final Metric HEAP =
      gauge(
          "go_memstats_alloc_bytes", "Memory of objects; the Java heap, by the reference's name.");
  private static final Metric RUNTIME =
      gauge(
          "go_memstats_sys_bytes",
          "Memory that the language's runtime has taken, by the reference's name.");
  private static final double UNLIMITED = 0x1p64;

  @Override
  public void collect(Sink sink) {
    double cpuSeconds = cpuSeconds();
    long residentBytes = statusKib("VmRSS:") * 1024;
    sink.value(CPU, cpuSeconds);
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    sink.count(HEAP, memory.getHeapMemoryUsage().getUsed());
    sink.count(
        RUNTIME,
        memory.getHeapMemoryUsage().getCommitted() + memory.getNonHeapMemoryUsage().getCommitted());
    sink.value(CPU_SECONDS, cpuSeconds);
    sink.count(MEMORY, residentBytes);
    sink.count(RESIDENT, residentBytes);
    sink.value(VIRTUAL, statusKib("VmSize:") * 1024.0);
    sink.value(MAX_VIRTUAL, limit("Max address space"));
    sink.value(MAX_FDS, limit("Max open files"));
    sink.count(OPEN_FDS, openDescriptors());
    sink.value(UPTIME, ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0);
    sink.value(STARTED, ManagementFactory.getRuntimeMXBean().getStartTime() / 1000.0);
    sink.count(RECEIVED, networkBytes(0));
    sink.count(SENT, networkBytes(8));
  }

  private static double cpuSeconds() {
    return ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .map(cpu -> cpu.toNanos() / 1e9)
        .orElse(0.0);
  }

  private static long statusKib(String field) {
    return lines("/proc/self/status").stream()
        .filter(line -> line.startsWith(field))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")))
        .findFirst()
        .orElse(0);
  }

  /** A soft limit. */
  private static double limit(String name) {
    for (String line : lines("/proc/self/limits")) {
      if (line.startsWith(name)) {
        String soft = line.substring(name.length()).strip().split("\\s+")[0];
        return soft.equals("unlimited") ? UNLIMITED : Double.parseDouble(soft);
      }
    }
    return 0;
  }

  private static long openDescriptors() {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    } catch (IOException e) {
      return 0;
    }
  }

  /** Sum of a column of all interfaces: 0 received, 8 sent. */
  private static long networkBytes(int column) {
    return lines("/proc/self/net/dev").stream()
        .filter(line -> line.contains(":"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip().split("\\s+"))
        .mapToLong(columns -> Long.parseLong(columns[column]))
        .sum();
  }

  private static List<String> lines(String file) {
    try {
      return Files.readAllLines(Path.of(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return List.of();
    }
  }
}
