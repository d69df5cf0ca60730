# Copies that share slices, while everything that deletes runs all the time: two jfs mounts of a volume on Redis and, if it is there, one of
# JuiceFS 1.4.2 that does nothing but copying; random overwriting, holes, truncation, copy_file_range and clones in COPIES_SEEDS directories,
# each against arrays of bytes; beside them `jfs gc --compact --delete` and `jfs compact` without a pause. At the end no byte is wrong, fsck
# with objects finds nothing (references of slices included), and when all files are gone so are all objects. The trash is off.
#   COPIES_SEEDS (50)  COPIES_OPS (150)  COPIES_AT_ONCE (4)  COPIES_THEIRS (yes): with a mount of JuiceFS
need redis-server redis-server python3 python3 >/dev/null || fail "programs for copies installed"
k=$work/copies; mkdir -p "$k"
[ "${COPIES_THEIRS:-yes}" != yes ] || check "JuiceFS 1.4.2 at hand" need_juicefs

cat >"$k/model.py" <<'P'
# model.py SEED OPS JFS THEIRS-MOUNT-OR-'-' MOUNT..: random work on four files in the directory copies-SEED.
import ctypes, os, random, subprocess, sys
seed, ops, jfs, theirs, mounts = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5:]
r = random.Random(seed); WINDOW = 400_000; BORDER = 64 << 20; libc = ctypes.CDLL(None, use_errno=True); top = f"copies-{seed}"
os.mkdir(f"{mounts[0]}/{top}")
class File:
    def __init__(self, name, base, data): self.name, self.base, self.data = name, base, bytearray(data)
    def path(self, mount): return f"{mount}/{top}/{self.name}"
files = [File(f"f{n}", [0, BORDER - WINDOW // 2][n % 2], b"") for n in range(4)]; made = len(files); did = []
def opened(f, mount, flags=os.O_RDWR): return os.open(f.path(mount), flags)
def put(f, at, data):
    if len(f.data) < at: f.data.extend(bytes(at - len(f.data)))
    f.data[at:at + len(data)] = data
def place(): at = r.randrange(WINDOW - 1); return at, min(WINDOW - at, 1 + r.randrange(r.choice([5000, 5000, 5000, 150_000])))
def write(f, mount):
    at, n = place(); data = r.randbytes(n); fd = opened(f, mount)
    assert os.pwrite(fd, data, f.base + at) == n
    if r.randrange(2): os.fsync(fd)
    os.close(fd); put(f, at, data)
def truncate(f, mount):
    n = r.randrange(WINDOW); os.truncate(f.path(mount), f.base + n)
    f.data = f.data[:n] if n < len(f.data) else f.data + bytes(n - len(f.data))
def punch(f, mount):
    at, n = place(); fd = opened(f, mount)
    if libc.fallocate(fd, 3, ctypes.c_long(f.base + at), ctypes.c_long(n)): raise OSError(ctypes.get_errno(), "fallocate")
    os.close(fd); end = min(at + n, len(f.data))
    if at < end: f.data[at:end] = bytes(end - at)
def copy(f, mount):
    g = r.choice(files); at, n = place(); to = r.randrange(WINDOW - n)
    if f is g and abs(at - to) < n: return
    a, b = opened(g, mount, os.O_RDONLY), opened(f, mount); want = max(0, min(n, len(g.data) - at)); done = 0
    while done < want:
        m = os.copy_file_range(a, b, want - done, g.base + at + done, f.base + to + done); assert m > 0, (m, done, want); done += m
    os.close(a); os.close(b)
    if want: put(f, to, g.data[at:at + want])
def clone(f, mount):
    global made
    if len(files) > 6: os.unlink(f.path(mount)); files.remove(f); return
    name = f"f{made}"; made += 1
    subprocess.run([jfs, "clone", f.path(mount), f"{mount}/{top}/{name}"], check=True, stdout=subprocess.DEVNULL)
    files.append(File(name, f.base, f.data))
def verify(f, mount):
    with open(f.path(mount), "rb") as i:
        size = os.fstat(i.fileno()).st_size; assert size == f.base + len(f.data) or not f.data and size in (0, f.base), (f.name, size)
        i.seek(f.base); found = i.read()
    bad = next((n for n in range(len(f.data)) if found[n] != f.data[n]), None) if found != f.data else None
    assert found == f.data, f"{f.path(mount)}: byte {f.base + (bad or 0)} is wrong"
try:
    for f in files: os.close(os.open(f.path(mounts[0]), os.O_CREAT | os.O_WRONLY))
    for n in range(ops):
        f = r.choice(files); mount = r.choice(mounts); k = r.randrange(100)
        what = write if k < 40 else truncate if k < 46 else punch if k < 56 else copy if k < 80 else clone if k < 82 else verify
        if what is copy and theirs != "-" and r.randrange(2): mount = theirs
        did.append(f"{what.__name__} {f.name} {mount[-7:]}"); what(f, mount)
    for f in files:
        for mount in mounts: verify(f, mount)
except Exception as e: sys.exit(f"seed {seed}, after {len(did)} operations ({'; '.join(did[-12:])}): {e!r}")
P
copies_mount() { # copies_mount NAME
  mkdir -p "$k/$1"
  if [ "$1" = theirs ]; then
    juicefs mount -d --no-usage-report --metrics 127.0.0.1:0 --backup-meta 0 --log "$k/theirs.log" --cache-dir "$k/cache-theirs" \
      --attr-cache 0 --entry-cache 0 --dir-entry-cache 0 "$copies_url" "$k/theirs"
  else
    "$jfs" mount -d --metrics 127.0.0.1:0 --backup-meta 0 --log "$k/$1.log" --cache-dir "$k/cache-$1" \
      --attr-cache 0 --entry-cache 0 --dir-entry-cache 0 "$copies_url" "$k/$1"
  fi
}
copies_unmount() {
  local m
  for m in one two; do ! mounted "$k/$m" || "$jfs" umount "$k/$m" || umount -l "$k/$m"; done
  ! mounted "$k/theirs" || juicefs umount "$k/theirs" || umount -l "$k/theirs"
}
delete_all_the_time() { # both ways to compact and to delete, until the file is gone
  while [ -e "$k/running" ]; do
    JFS_GC_SKIPPEDTIME=60 "$jfs" gc --compact --delete "$copies_url" >>"$k/gc.log" 2>&1 || { echo "gc failed" >>"$k/gc.bad"; tail -3 "$k/gc.log" >>"$k/gc.bad"; }
    "$jfs" compact "$k/one" >>"$k/compact.log" 2>&1 || { echo "compact failed" >>"$k/gc.bad"; tail -3 "$k/compact.log" >>"$k/gc.bad"; }
    echo >>"$k/rounds"
  done
}
copies_run() {
  local theirs=- pid code=0
  mounted "$k/theirs" && theirs=$k/theirs
  touch "$k/running"; delete_all_the_time & pid=$!
  seq "${COPIES_SEEDS:-50}" | xargs -P "${COPIES_AT_ONCE:-4}" -I '{}' python3 "$k/model.py" '{}' "${COPIES_OPS:-150}" "$jfs" "$theirs" "$k/one" "$k/two" || code=1
  rm "$k/running"; wait "$pid"
  [ -s "$k/rounds" ] || { echo "not one round of gc and compaction meanwhile"; code=1; }
  [ ! -e "$k/gc.bad" ] || { cat "$k/gc.bad"; code=1; }
  return $code
}
copies_gone() { # whatever was shared: without files there are no objects
  local left
  rm -rf "$k/one"/copies-*
  sleep 2; JFS_GC_SKIPPEDTIME=0 "$jfs" gc --delete "$copies_url" || return 1
  left=$(find "$k/data" -path '*/chunks/*' -type f | wc -l)
  [ "$left" = 0 ] || { echo "$left objects are left"; return 1; }
  "$jfs" fsck "$copies_url"
}

k_port=$(free_port); copies_url=redis://127.0.0.1:$k_port/1
redis-server --port "$k_port" --bind 127.0.0.1 --save '' --appendonly no --dir "$k" >"$k/redis.log" 2>&1 & k_pid=$!
copies_cleanup() { rm -f "$k/running"; copies_unmount >/dev/null 2>&1; kill "$k_pid" 2>/dev/null; wait "$k_pid" 2>/dev/null; }
trap 'copies_cleanup; clean_up' EXIT
wait_port "$k_port"
check "copies: format" "$jfs" format --trash-days 0 --block-size 64K --storage file --bucket "$k/data/" "$copies_url" copies
check "copies: mounts" eval 'copies_mount one && copies_mount two && { [ "${COPIES_THEIRS:-yes}" != yes ] || copies_mount theirs; }'
if mounted "$k/one" && mounted "$k/two"; then
  check "copies: ${COPIES_SEEDS:-50} seeds while gc and compaction run all the time" copies_run
  check "copies: fsck with objects" "$jfs" fsck "$copies_url"
  ! command -v juicefs >/dev/null || check "copies: fsck of JuiceFS" juicefs fsck "$copies_url"
  check "copies: nothing is left of removed files" copies_gone
fi
copies_cleanup; trap clean_up EXIT
