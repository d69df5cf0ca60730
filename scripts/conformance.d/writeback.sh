# Blocks that are staged on the local disk and not yet uploaded: what fsync acknowledged is there after kill -9 of the mount, and after a power
# cut, which keeps only what had reached the disk. For the cut everything lies on an ext4 in a file that is copied as it is on the "disk" the
# moment after the mount died: what the kernel still held back is not in the copy.
#   WRITEBACK_ROUNDS (4) of each
need mkfs.ext4 e2fsprogs python3 python3 >/dev/null || fail "programs for writeback installed"
b=$work/writeback; mkdir -p "$b/mnt" "$b/disk"

cat >"$b/files.py" <<'P'
# files.py write DIR LEDGER ROUND: files with content made of their names until the mount dies; the ledger has those whose fsync returned.
# files.py check DIR LEDGER: each of them is whole.
import os, random, sys, threading
mode, top, ledger = sys.argv[1:4]
def content(name): return random.Random(name).randbytes(random.Random(name + "size").choice([100, 5000, 300_000, 1_500_000]))
def writer(n, lock, log):
    i = 0
    while True:
        name = f"r{sys.argv[4]}-{n}-{i}"; i += 1
        try:
            fd = os.open(name, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, dir_fd=folder) # of this mount, whatever is there later
            data = memoryview(content(name))
            while data: data = data[os.write(fd, data[:65536]):]
            os.fsync(fd)
            with lock: log.write(name + "\n"); log.flush()
            os.close(fd)
        except OSError: return
if mode == "write":
    folder = os.open(top, os.O_RDONLY); lock = threading.Lock(); log = open(ledger, "a")
    threads = [threading.Thread(target=writer, args=(n, lock, log)) for n in range(3)]
    [t.start() for t in threads]; [t.join() for t in threads]
else:
    names = open(ledger).read().split(); bad = []
    for name in names:
        try: ok = open(f"{top}/{name}", "rb").read() == content(name)
        except OSError as e: ok = False; print(name, e)
        if not ok: bad.append(name)
    print(len(names), "files, lost or torn:", bad[:5]); sys.exit(bool(bad) or not names)
P
b_meta=lmdb://$b/disk/meta.lmdb
staged_mount() {
  "$jfs" mount -d --metrics 127.0.0.1:0 --backup-meta 0 --log "$b/jfs.log" --cache-dir "$b/disk/cache" --cache-size 64M --free-space-ratio 0.01 \
    --writeback "$@" "$b_meta" "$b/mnt"
}
staged_unmount() { ! mounted "$b/mnt" || "$jfs" umount "$b/mnt" || umount -l "$b/mnt"; }
staged_files() { find "$b/disk/cache" -path '*/rawstaging/chunks/*' -type f | wc -l; }
staged_format() { "$jfs" format --trash-days 0 --block-size 256K --storage file --bucket "$b/disk/data/" "$b_meta" staged; }
die_while_writing() { # die_while_writing ROUND
  local n
  : >"$b/ledger"; python3 "$b/files.py" write "$b/mnt" "$b/ledger" "$1" 2>/dev/null &
  for n in $(seq 300); do [ "$(wc -l <"$b/ledger")" -lt 5 ] || break; sleep 0.1; done
  sleep "0.$((RANDOM % 9))"
  kill_mount "$b/disk/cache"
}
after_death() { # what was acknowledged is there from the staged blocks, then from the store alone
  umount -l "$b/mnt" 2>/dev/null; wait
  [ "$(staged_files)" -gt 0 ] || { echo "nothing was staged"; return 1; }
  staged_mount --upload-delay 1h && python3 "$b/files.py" check "$b/mnt" "$b/ledger" && staged_unmount || return 1
  staged_mount && "$jfs" umount --flush "$b/mnt" && [ "$(staged_files)" = 0 ] || { echo "$(staged_files) blocks are still staged"; return 1; }
  rm -rf "$b/disk/cache"
  staged_mount --upload-delay 1h && python3 "$b/files.py" check "$b/mnt" "$b/ledger" || return 1
  rm -f "$b/mnt"/r* "$b/ledger"; staged_unmount && "$jfs" fsck "$b_meta"
}
kills() {
  local n
  for n in $(seq "${WRITEBACK_ROUNDS:-4}"); do
    staged_mount --upload-delay 1h && die_while_writing "$n" && after_death || { echo "round $n"; return 1; }
  done
}
power_cuts() {
  local n
  truncate -s 400M "$b/image" && mkfs.ext4 -q "$b/image" || return 1
  for n in $(seq "${WRITEBACK_ROUNDS:-4}"); do
    mount -o loop,commit=300 "$b/image" "$b/disk" || return 1
    if [ "$n" = 1 ]; then staged_format && sync -f "$b/disk" || return 1; fi
    staged_mount --upload-delay 1h && die_while_writing "$n" || return 1
    cp --sparse=always "$b/image" "$b/after" || return 1
    umount -l "$b/mnt" 2>/dev/null; wait; umount "$b/disk" || return 1
    mv "$b/after" "$b/image" && mount -o loop "$b/image" "$b/disk" || return 1
    after_death || { echo "round $n"; return 1; }
    umount "$b/disk" || return 1
  done
}
writeback_cleanup() {
  staged_unmount >/dev/null 2>&1; kill_mount "$b/disk/cache"
  ! mountpoint -q "$b/disk" || umount -l "$b/disk"
}
trap 'writeback_cleanup; clean_up' EXIT
check "writeback: format" staged_format
check "writeback: kill -9 while blocks are staged, ${WRITEBACK_ROUNDS:-4} times" kills
writeback_cleanup; rm -rf "${b:?}/disk" "$b/ledger"; mkdir -p "$b/disk"
check "writeback: power cuts while blocks are staged, ${WRITEBACK_ROUNDS:-4} times" power_cuts
writeback_cleanup; trap clean_up EXIT
