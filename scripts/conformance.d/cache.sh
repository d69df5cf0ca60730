# A cache disk in trouble: full, removed, read-only, with files changed behind the mount's back, shared by two mounts. Every byte read is right,
# no read takes longer than CACHE_STALL seconds (default 1; give more on a busy machine), and the disk is used again when it is back. Then a
# cache folder goes from jfs to JuiceFS and back: each reads what the other cached while the object store has nothing of it.
c=$work/cachedisk; mkdir -p "$c/mnt" "$c/second" "$c/disk"
check "JuiceFS 1.4.2 at hand" need_juicefs
need redis-server redis-server python3 python3 >/dev/null || fail "programs for cache installed"
mount -t tmpfs -o size=64m none "$c/disk" || fail "a small disk for the cache"

cat >"$c/reads.py" <<'P'
# reads.py make DIR: 64 files.  reads.py read STALL SECONDS DIR..: reads them from all DIRs, past the kernel's cache.  reads.py each DIR: each once.
# reads.py spoil RAW-FOLDER data|checksum|length: changes every cached file.
import os, random, sys, threading, time
SIZE = 700_000
def content(n): return random.Random(n).randbytes(SIZE)
def read(top, n):
    fd = os.open(f"{top}/f{n}", os.O_RDONLY)
    try:
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        data = b""; longest = 0
        while True:
            start = time.monotonic(); part = os.read(fd, 131072); longest = max(longest, time.monotonic() - start)
            if not part: break
            data += part
        assert data == content(n), f"wrong bytes in {top}/f{n}"
        return longest
    finally: os.close(fd)
mode = sys.argv[1]
if mode == "make":
    for n in range(64):
        with open(f"{sys.argv[2]}/f{n}", "wb") as f: f.write(content(n))
elif mode == "each": [read(sys.argv[2], n) for n in range(64)]
elif mode == "spoil":
    spoilt = 0
    for folder, _, names in os.walk(sys.argv[2]):
        for name in names:
            path = os.path.join(folder, name); size = int(name.split("_")[2].split(".")[0]) if name.count("_") == 2 else 0
            if not size or name.endswith(".tmp"): continue
            spoilt += 1
            if sys.argv[3] == "length": os.truncate(path, size - 5000); continue
            with open(path, "r+b") as f:
                f.seek(size + 1 if sys.argv[3] == "checksum" else size // 2); b = f.read(1); f.seek(-1, 1); f.write(bytes([b[0] ^ 8]))
    print(spoilt, "files changed"); sys.exit(not spoilt)
else:
    stall, seconds, tops = float(sys.argv[2]), float(sys.argv[3]), sys.argv[4:]; worst = []; bad = []; end = time.monotonic() + seconds
    def work(top, seed):
        r = random.Random(seed)
        try:
            while time.monotonic() < end: worst.append(read(top, r.randrange(64)))
        except Exception as e: bad.append(repr(e))
    threads = [threading.Thread(target=work, args=(t, k)) for k, t in enumerate(tops * 2)]
    [t.start() for t in threads]; [t.join() for t in threads]
    print(len(worst), "files read, longest read", round(max(worst), 3), "s", *bad[:5]); sys.exit(bool(bad) or max(worst) > stall)
P
cache_mount() { # cache_mount MOUNT-POINT FLAGS..
  local at=$1; shift
  "$jfs" mount -d --metrics 127.0.0.1:0 --backup-meta 0 --log "$c/jfs.log" --cache-dir "$c/disk/cache" "$@" "$cache_url" "$at"
}
cache_unmount() { local m; for m in "$c/mnt" "$c/second"; do ! mounted "$m" || "$jfs" umount "$m" || umount -l "$m"; done; }
cached_files() { find "$c/disk/cache" -path '*/raw/chunks/*' -type f ! -name '*.tmp' 2>/dev/null | wc -l; }
read_for() { python3 "$c/reads.py" read "${CACHE_STALL:-1}" "$1" "${@:2}"; }
used_again() { # blocks are cached, after at most half a minute of reading
  local n
  for n in $(seq 15); do read_for 2 "$c/mnt" || return 1; [ "$(cached_files)" -lt 10 ] || return 0; done
  echo "only $(cached_files) files in the cache"; return 1
}
disk_full() {
  dd if=/dev/zero of="$c/disk/filler" bs=1M status=none 2>/dev/null
  read_for 6 "$c/mnt" && rm "$c/disk/filler" && used_again
}
disk_removed() { rm -rf "$c/disk/cache" && read_for 4 "$c/mnt" && used_again; }
disk_read_only() {
  local n
  for n in $(seq 50); do mount -o remount,bind,ro "$c/disk" 2>/dev/null && break; sleep 0.1; done # not while a file is being written
  touch "$c/disk/x" 2>/dev/null && return 1
  rm -f "$c/disk/x"; read_for 6 "$c/mnt" && mount -o remount,bind,rw "$c/disk" && rm -rf "$c/disk/cache" && used_again
}
files_spoilt() { used_again && python3 "$c/reads.py" spoil "$c/disk/cache" "$1" && python3 "$c/reads.py" each "$c/mnt" && used_again; }
two_mounts() {
  cache_mount "$c/second" && read_for 8 "$c/mnt" "$c/second" || return 1
  rm -rf "$c/disk/cache" && read_for 4 "$c/mnt" "$c/second" && used_again && "$jfs" umount "$c/second"
}
handed_over() { # handed_over FROM TO: what one client cached the other reads without the object store
  umount "$c/disk"; mount -t tmpfs -o size=256m none "$c/disk" || return 1
  local from=$1 to=$2
  hand_mount "$from" && python3 "$c/reads.py" each "$c/mnt" && sleep 2 && [ "$(cached_files)" -ge 64 ] && hand_unmount "$from" || return 1
  mv "$c/data" "$c/away" && mkdir "$c/data"
  hand_mount "$to" && python3 "$c/reads.py" each "$c/mnt"; local code=$?
  hand_unmount "$to"; rmdir "$c/data" 2>/dev/null || rm -rf "$c/data"; mv "$c/away" "$c/data"
  return $code
}
hand_mount() {
  if [ "$1" = jfs ]; then cache_mount "$c/mnt"
  else juicefs mount -d --no-usage-report --metrics 127.0.0.1:0 --backup-meta 0 --log "$c/theirs.log" --cache-dir "$c/disk/cache" "$cache_url" "$c/mnt"; fi
}
hand_unmount() { if [ "$1" = jfs ]; then "$jfs" umount "$c/mnt"; else juicefs umount "$c/mnt"; fi; }

c_redis_port=$(free_port); cache_url=redis://127.0.0.1:$c_redis_port/1
redis-server --port "$c_redis_port" --bind 127.0.0.1 --save '' --appendonly no --dir "$c" >"$c/redis.log" 2>&1 & c_redis_pid=$!
cache_cleanup() {
  cache_unmount >/dev/null 2>&1; ! mountpoint -q "$c/disk" || umount "$c/disk"; kill "$c_redis_pid" 2>/dev/null; wait "$c_redis_pid" 2>/dev/null
}
trap 'cache_cleanup; clean_up' EXIT
wait_port "$c_redis_port"
check "cache: format" "$jfs" format --trash-days 0 --block-size 256K --storage file --bucket "$c/data/" "$cache_url" cached
check "cache: mount" cache_mount "$c/mnt"
if mounted "$c/mnt"; then
  check "cache: files" python3 "$c/reads.py" make "$c/mnt"
  check "cache: blocks are cached" used_again
  check "cache: disk full, and then not" disk_full
  check "cache: folder removed" disk_removed
  check "cache: disk read-only, and then not" disk_read_only
  for what in data checksum length; do check "cache: $what of every file changed" files_spoilt "$what"; done
  check "cache: two mounts on one folder" two_mounts
fi
cache_unmount
check "cache: from jfs to JuiceFS" handed_over jfs juicefs
check "cache: from JuiceFS to jfs" handed_over juicefs jfs
cache_cleanup; trap clean_up EXIT
